"""Warnings in yellow, orange and red: one for each measure and customer, verified by another; and reports in confidence."""

from random import Random

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from crm.customers.models import Customer, Portfolio
from crm.customers.services.merges import merge_customers
from crm.customers.warnings import warning_measures
from crm.service.capabilities import KEEP_RULES, READ_REPORTS, WATCH_SERVICE
from crm.service.errors import ServiceError
from crm.service.figures import CUTS, cut, whole_of
from crm.service.lists import answered_in_time, solved_in_time
from crm.service.models import CustomerWarning, Objection, Report, Request, WarningReading, WarningRule
from crm.service.services.keeping import hand_on_leavers
from crm.service.services.objections import note_objection
from crm.service.services.reports import close_report, make_report, take_report
from crm.service.services.requests import answer_request, hand_on_request, solve_request
from crm.service.services.warnings import RANKS, hand_on_warning, level_for, look_for_warnings, set_warning_rule, treat_warning, trend_of, verify_warning
from portal.access.policies import can, viewers_of, visible_to
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.goods import let
from tests.crm.serving import ask
from tests.crm.visiting import promised
from tests.crm.writing import fresh, make_customer, make_portfolio


def complain(cast: Cast, customer: Customer, times: int = 1) -> None:
    for _number in range(times):
        note_objection(actor=fresh(cast.admin), customer=customer, kind="complaint", fault="manner", text="态度差")


def rule(cast: Cast, **values: int) -> WarningRule:
    bounds = {"yellow": 2, "orange": 4, "red": 6, "hysteresis": 1} | values
    return set_warning_rule(actor=let(cast.operator, KEEP_RULES, cast.admin), measure="service.complaints", tier="", **bounds)


@pytest.fixture
def head_watching(cast: Cast) -> None:
    let(cast.director, WATCH_SERVICE, cast.admin)


def test_levels_rise_at_once_and_fall_with_hysteresis_on_2000_random_walks() -> None:
    dice = Random(27)
    for _number in range(2_000):
        yellow = dice.randrange(1, 20)
        orange = yellow + dice.randrange(10)
        red = orange + dice.randrange(10)
        gap = dice.randrange(yellow)
        before = ""
        for _step in range(12):
            value = dice.randrange(red + 8)
            plain = level_for(value, yellow=yellow, orange=orange, red=red)
            level = level_for(value, yellow=yellow, orange=orange, red=red, hysteresis=gap, before=before)
            assert RANKS[plain] <= RANKS[level] <= max(RANKS[plain], RANKS[before])
            bounds = {"": 0, "yellow": yellow, "orange": orange, "red": red}
            assert value >= bounds[level] - gap
            if level != plain:
                assert value < bounds[level], "held by the hysteresis alone"
            before = level


def test_one_is_open_for_a_measure_and_a_customer(cast: Cast, customer: Customer, head_watching: None) -> None:
    rule(cast)
    complain(cast, customer)
    assert look_for_warnings() == 0
    complain(cast, customer)
    assert look_for_warnings() == 1
    [warning] = CustomerWarning.objects.all()
    assert (warning.level, warning.value, warning.owner, warning.customer) == ("yellow", 2, cast.salesperson, customer)
    complain(cast, customer, 4)
    assert look_for_warnings() == 1
    warning.refresh_from_db()
    assert (warning.level, warning.rank, warning.value) == ("red", 3, 6)
    assert [(one.value, one.level) for one in warning.readings.order_by("pk")] == [(2, "yellow"), (6, "red")]
    assert trend_of([2, 6]) == "up"
    with pytest.raises(IntegrityError), transaction.atomic():
        CustomerWarning.objects.create(rule=warning.rule, measure=warning.measure, customer=customer, value=3, owner=cast.salesperson)
    for objection in Objection.objects.order_by("pk")[:1]:
        Objection.objects.filter(pk=objection.pk).update(noted_at="2026-01-05T09:00:00+08:00")
    look_for_warnings()
    warning.refresh_from_db()
    assert (warning.level, warning.value) == ("red", 5), "one below the bound is not enough to fall"
    Objection.objects.update(noted_at="2026-01-05T09:00:00+08:00")
    look_for_warnings()
    warning.refresh_from_db()
    assert (warning.level, warning.value, warning.state) == ("", 0, "open"), "eased, and still to be verified"
    with pytest.raises(ProgrammingError), transaction.atomic():
        WarningReading.objects.update(value=1)


def test_closed_only_when_another_has_verified(cast: Cast, customer: Customer, head_watching: None) -> None:
    rule(cast)
    complain(cast, customer, 3)
    look_for_warnings()
    warning = CustomerWarning.objects.get()
    director = fresh(cast.director)
    with pytest.raises(ServiceError):
        verify_warning(warning, actor=director, holds=True, text="看过")
    with pytest.raises(ServiceError):
        treat_warning(warning, actor=fresh(cast.salesperson), cause="送货员更换", treatment=" ")
    treat_warning(warning, actor=fresh(cast.salesperson), cause="送货员更换", treatment="已培训并致歉")
    owner = let(cast.salesperson, WATCH_SERVICE, cast.admin)
    with pytest.raises(ServiceError):
        verify_warning(warning, actor=owner, holds=True, text="我自己看过")
    for broken in ({"state": "closed"}, {"state": "closed", "closed_at": "2026-11-01T00:00:00+08:00", "verified_by": cast.salesperson.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CustomerWarning.objects.filter(pk=warning.pk).update(**broken)
    assert verify_warning(warning, actor=director, holds=False, text="顾客仍不满").state == "open"
    treat_warning(warning, actor=owner, cause="送货员更换", treatment="换了线路")
    assert verify_warning(warning, actor=director, holds=True, text="走访属实").state == "closed"
    with pytest.raises(ServiceError):
        treat_warning(warning, actor=owner, cause="x", treatment="y")
    look_for_warnings()
    again = CustomerWarning.objects.exclude(pk=warning.pk).get()
    assert again.follows == warning
    handed = hand_on_warning(again, actor=owner, to=cast.inspector, note="请接手")
    assert handed.owner == cast.inspector
    cast.inspector.employments.update(ends_on="2026-01-31")
    assert hand_on_leavers() == 1 + Objection.objects.count()
    again.refresh_from_db()
    assert (again.owner, hand_on_leavers()) == (cast.salesperson, 0), "what a leaver had goes to whoever holds the portfolio"


def test_bounds_rise_and_are_kept_by_few(cast: Cast) -> None:
    for broken in ({"orange": 1}, {"red": 3}, {"hysteresis": 2}, {"yellow": 0}):
        with pytest.raises(ServiceError):
            rule(cast, **broken)
    with pytest.raises(ServiceError):
        set_warning_rule(actor=fresh(cast.salesperson), measure="service.complaints", tier="", yellow=1, orange=2, red=3)
    with pytest.raises(ServiceError):
        set_warning_rule(actor=fresh(cast.operator), measure="weather", tier="", yellow=1, orange=2, red=3)


def test_every_measure_is_one_statement(cast: Cast, customer: Customer, django_assert_num_queries) -> None:
    complain(cast, customer, 2)
    for measure in warning_measures().values():
        with django_assert_num_queries(1):
            found = list(measure.read(today(), 1))
        assert all(len(one) == 2 for one in found)
    assert list(warning_measures()["service.complaints"].read(today(), 2)) == [(customer.pk, 2)]
    settled = {"days": 7, "settled_on": today(), "portfolio": customer.portfolio}
    for starts, state, reason in ((-20, "missed", ""), (-13, "missed", "店主外出"), (-40, "excused", "道路施工")):
        promised(customer, starts=starts, state=state, reason=reason, **settled)
    assert list(warning_measures()["activities.missed"].read(today(), 2)) == [(customer.pk, 2)]
    known = {"activities.missed", "orders.late_lines", "orders.overdue", "service.objections", "service.complaints", "service.late"}
    assert known <= set(warning_measures())


def test_a_merge_takes_the_warning_along(cast: Cast, customer: Customer, head_watching: None) -> None:
    rule(cast)
    complain(cast, customer, 2)
    look_for_warnings()
    survivor = make_customer(customer.portfolio, cast.salesperson, "金穗烟酒")
    merge_customers(survivor, customer, actor=fresh(cast.admin))
    complain(cast, survivor, 3)
    assert look_for_warnings() == 1
    warning = CustomerWarning.objects.get()
    assert (warning.customer.root, warning.value, warning.level) == (survivor, 5, "orange")


def test_warnings_are_seen_alike_on_every_surface(cast: Cast, customer: Customer, portfolio: Portfolio, head_watching: None) -> None:
    other = make_customer(make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality), cast.inspector, "南门口惠民便利店")
    rule(cast)
    complain(cast, customer, 2)
    complain(cast, other, 2)
    look_for_warnings()
    sees = {customer.pk: {"孙丽", "陈刚"}, other.pk: {"王伟", "李敏", "赵静", "陈刚"}}
    for row in CustomerWarning.objects.all():
        people = {person.name for person in cast.everyone if can(fresh(person), "view", row) and not person.is_superuser}
        assert people == sees[row.customer_id]
        assert people == {person.name for person in viewers_of(row) if not person.is_superuser}
        assert people == {person.name for person in cast.everyone if row in visible_to(CustomerWarning, fresh(person)) and not person.is_superuser}


def test_a_report_is_for_its_reporter_and_those_who_were_given_it(client_for, cast: Cast, customer: Customer) -> None:
    reader = let(cast.director, READ_REPORTS, cast.admin)
    with pytest.raises(ServiceError):
        make_report(actor=fresh(cast.operator), kind="counterfeit", text="假烟")
    with pytest.raises(ServiceError):
        make_report(actor=fresh(cast.operator), kind="integrity", text="囤货", customer=customer)
    made = make_report(actor=fresh(cast.inspector), kind="counterfeit", text="条码对不上的松涛", place="城北农贸市场")
    for row in Report.objects.all():
        people = {person.name for person in cast.everyone if can(fresh(person), "view", row) and not person.is_superuser}
        assert people == {"王伟", "陈刚"}
        assert people == {person.name for person in viewers_of(row) if not person.is_superuser}
        assert people == {person.name for person in cast.everyone if row in visible_to(Report, fresh(person)) and not person.is_superuser}
    assert client_for(fresh(cast.salesperson)).get(made.get_absolute_url()).status_code == 404
    assert made.number not in client_for(fresh(cast.salesperson)).get("/crm/service/reports/").content.decode()
    with pytest.raises(ServiceError):
        take_report(made, actor=fresh(cast.inspector))
    take_report(made, actor=reader)
    with pytest.raises(ServiceError):
        close_report(made, actor=reader, outcome=" ")
    close_report(made, actor=reader, outcome="已移交烟草专卖局")
    assert "已移交烟草专卖局" in client_for(fresh(cast.inspector)).get(made.get_absolute_url()).content.decode()


def test_figures_and_lists_are_one_question(client_for, cast: Cast, customer: Customer) -> None:

    dice = Random(28)
    for number in range(12):
        made = ask(cast.salesperson, customer, kind=dice.choice(["supply", "billing"]))
        actor = fresh(cast.salesperson)
        if number % 3:
            answer_request(made, actor=actor, text="好")
        if number % 4 == 1:
            solve_request(made, actor=actor, text="好了")
        elif number % 4 == 2:
            hand_on_request(made, actor=actor, to=cast.operator, note="请接")
        if number % 5 == 0:
            Request.objects.filter(pk=made.pk).update(answer_due_at="2026-01-05T09:00:00+08:00", solve_due_at="2026-01-05T09:00:00+08:00")
    rows = visible_to(Request, fresh(cast.salesperson))
    whole = whole_of(rows)
    assert whole.all == 12 == sum(whole.answered) == sum(whole.solved)
    for place, code in enumerate(("yes", "no", "running")):
        assert rows.filter(answered_in_time(code)).count() == whole.answered[place]
        assert rows.filter(solved_in_time(code)).count() == whole.solved[place]
    for by in CUTS:
        parts = cut(rows, by)
        assert sum(part.all for part in parts) == 12
        assert tuple(map(sum, zip(*(part.answered for part in parts), strict=True))) == whole.answered
    client = client_for(fresh(cast.salesperson))
    page = client.get("/crm/service/figures/?by=owner").content.decode()
    assert ">12</a>" in page
    answer = client.post("/crm/service/figures/")
    assert answer.status_code == 200
    assert "spreadsheet" in answer["Content-Type"]
