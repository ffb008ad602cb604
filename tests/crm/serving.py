"""Requests and objections as tests write them."""

from typing import Any

from crm.customers.models import Customer
from crm.service.capabilities import DIAGNOSE, JUDGE, KEEP_RULES, READ_REPORTS, WATCH_SERVICE, WORK_AT_DESK
from crm.service.models import CustomerWarning, Request
from crm.service.services.objections import add_cost, diagnose_objection, judge_objection, note_objection
from crm.service.services.reports import make_report
from crm.service.services.requests import answer_request, note_request, solve_request, wait_for_customer
from crm.service.services.rules import set_response_rule
from crm.service.services.warnings import look_for_warnings, set_warning_rule
from portal.accounts.models import User
from tests.cast import Cast
from tests.crm.goods import let
from tests.crm.writing import fresh, let_read


def at_desk(cast: Cast, person: User) -> User:
    """Works at the service desk and looks customers up."""
    let_read(person, cast.admin)
    return let(person, WORK_AT_DESK, cast.admin)


def ask(actor: Any, customer: Customer | None, text: str = "典藏缺货，什么时候到？", **values: Any) -> Request:
    defaults = {"kind": "supply", "channel": "phone"}
    return note_request(actor=fresh(actor), customer=customer, text=text, **(defaults | values))


def furnish_service(cast: Cast, customer: Customer) -> list[str]:
    """Something of each, for 孙丽; their addresses."""
    person = let(cast.salesperson, KEEP_RULES, cast.admin)
    set_response_rule(actor=person, kind="supply", tier="key", answer_hours=4, solve_hours=16)
    asked, solved = ask(person, customer), ask(person, customer, "怎样在手机上订货", kind="ordering")
    solve_request(solved, actor=person, text="电话里带着做了一遍。")
    answer_request(asked, actor=person, text="在途，周四到。")
    wait_for_customer(asked, actor=person, reason="等店主清点库存")
    at = asked.get_absolute_url()
    for capability in (WATCH_SERVICE, READ_REPORTS):
        let(cast.salesperson, capability, cast.admin)
    complaint = {"customer": customer, "kind": "complaint", "fault": "manner", "text": "送货员态度差，把货扔在门口。"}
    first, second = (note_objection(actor=fresh(cast.admin), **complaint) for _number in range(2))
    diagnose_objection(first, actor=let(cast.salesperson, DIAGNOSE, cast.admin), text="监控可见，属实。")
    add_cost(first, actor=fresh(cast.salesperson), kind="travel", fen=3_000, text="上门致歉")
    judge_objection(first, actor=let(cast.head, JUDGE, cast.admin), result="valid", cause="service", text="属实")
    set_warning_rule(actor=fresh(cast.salesperson), measure="service.complaints", tier="", yellow=1, orange=2, red=4)
    look_for_warnings()
    warned = CustomerWarning.objects.get().get_absolute_url()
    report = make_report(actor=fresh(cast.salesperson), kind="counterfeit", text="条码对不上", place="城北农贸市场").get_absolute_url()
    objections = [f"{first.get_absolute_url()}word/", f"{first.get_absolute_url()}costs/new/", f"{second.get_absolute_url()}diagnosis/"]
    more = [
        "/crm/service/objections/", "/crm/service/objections/new/", f"/crm/service/objections/new/{customer.pk}/", first.get_absolute_url(),
        second.get_absolute_url(), f"{first.get_absolute_url()}evidence/new/", "/crm/service/rules/grades/new/", "/crm/service/rules/steps/new/",
        "/crm/service/rules/warnings/new/", "/crm/service/warnings/", warned, f"{warned}measure/", f"{warned}handover/", "/crm/service/reports/",
        "/crm/service/reports/new/", report, f"{report}outcome/", "/crm/service/figures/", "/crm/service/figures/?by=owner",
    ]  # fmt: skip
    return [
        *objections, *more,
        "/crm/service/", "/crm/service/?clock=late", "/crm/service/new/", "/crm/service/rules/", "/crm/service/rules/responses/new/", at, f"{at}wait/",
        f"{at}solution/", f"{at}handover/", solved.get_absolute_url(), f"{solved.get_absolute_url()}reopen/",
    ]  # fmt: skip
