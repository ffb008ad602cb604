"""The service desk of the demo plant: what was asked in the last days, in all states."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from crm.customers.demo.busy import busy_holdings
from crm.customers.models import Customer, PortfolioHolding
from crm.orders.models import OrderLine
from crm.service.demo.texts import COMPLAINTS, HANDED, REPORTS, REQUESTS, WAITS
from crm.service.models import Request
from crm.service.services.keeping import renew_dues
from crm.service.services.objections import diagnose_objection, judge_objection, note_objection
from crm.service.services.reports import make_report
from crm.service.services.requests import answer_request, hand_on_request, note_request, solve_request, wait_for_customer
from crm.service.services.rules import set_response_rule
from crm.service.services.warnings import look_for_warnings, set_warning_rule
from portal.access.models import Audience, CapabilityGrant
from portal.access.rules import AudienceRule, department_token, person_token
from portal.access.services import refresh_people
from portal.accounts.models import User
from portal.organization.demo import Plant, register_content
from portal.organization.models import Employment

EACH = 5
CHANNELS = ("phone", "phone", "visit", "page", "mail")
WARNINGS: tuple[dict[str, Any], ...] = (
    {"measure": "service.late", "tier": "", "yellow": 1, "orange": 2, "red": 4},
    {"measure": "service.complaints", "tier": "", "yellow": 1, "orange": 3, "red": 5},
    {"measure": "service.objections", "tier": "", "yellow": 1, "orange": 2, "red": 4},
    {"measure": "orders.late_lines", "tier": "", "yellow": 2, "orange": 5, "red": 10, "hysteresis": 1},
    {"measure": "activities.missed", "tier": "", "yellow": 3, "orange": 5, "red": 8, "hysteresis": 1},
    {"measure": "orders.overdue", "tier": "", "yellow": 500_000, "orange": 2_000_000, "red": 5_000_000, "hysteresis": 100_000},
)
RULES = (("", "", 8, 24), ("", "key", 4, 16), ("", "strategic", 2, 8), ("supply", "", 4, 24), ("project", "", 16, 80))


def build_service(plant: Plant) -> None:
    """For each portfolio some requests, noted by its holder or by another at the desk; some late, some waiting, some solved."""
    keeper = User.objects.filter(is_superuser=True).order_by("pk").first()
    holdings = busy_holdings(plant.day)
    if keeper is None or not holdings:
        return
    for capability in ("service.desk", "service.rules"):
        audience = Audience.objects.for_rule(AudienceRule.of([department_token(plant.departments["SAL"].pk, with_below=False)]))
        CapabilityGrant.objects.create(capability=capability, audience=audience)
    refresh_people(None)
    for kind, tier, answer_hours, solve_hours in RULES:
        set_response_rule(actor=keeper, kind=kind, tier=tier, answer_hours=answer_hours, solve_hours=solve_hours)
    for place, holding in enumerate(holdings):
        actor, other = User.objects.get(pk=holding.person_id), User.objects.get(pk=holdings[(place + 1) % len(holdings)].person_id)
        for customer in Customer.objects.unmerged().filter(portfolio=holding.portfolio, kind="retailer", ended_on__isnull=True).order_by("-code")[:EACH]:
            _request(plant, actor, other, customer)
    _objections(plant, holdings)
    for bounds in WARNINGS:
        set_warning_rule(actor=keeper, **bounds)
    look_for_warnings()
    for code, where, seen in REPORTS:
        make_report(actor=User.objects.get(pk=holdings[0].person_id), kind=code, place=where, text=seen)
    renew_dues()


def _objections(plant: Plant, holdings: list[PortfolioHolding]) -> None:
    """In all steps: noted by who holds the portfolio, diagnosed and judged by the heads of two departments."""
    heads = list(
        Employment.objects.current()
        .filter(position__is_head=True, department__in=plant.departments.values())
        .order_by("pk")
        .values_list("person", flat=True)[:3]
    )
    if len(set(heads)) < 2:
        return
    for capability in ("service.diagnose", "service.judge", "service.watch"):
        audience = Audience.objects.for_rule(AudienceRule.of([person_token(pk) for pk in heads]))
        CapabilityGrant.objects.create(capability=capability, audience=audience)
    refresh_people(None)
    for place, holding in enumerate(holdings):
        lines = OrderLine.objects.filter(order__customer__portfolio=holding.portfolio, delivered__gt=2).select_related("order__customer").order_by("pk")[:2]
        others = [pk for pk in dict.fromkeys(heads) if pk != holding.person_id]
        if len(others) < 2:
            continue
        people = [User.objects.get(pk=pk) for pk in (holding.person_id, *others[:2])]
        for number, line in enumerate(lines):
            _objection(plant, people, line.order.customer, COMPLAINTS[2 + number], line)
        customer = Customer.objects.unmerged().filter(portfolio=holding.portfolio, kind="retailer", ended_on__isnull=True).order_by("-code").first()
        if customer is not None:
            _objection(plant, people, customer, COMPLAINTS[place % 2], None)


def _objection(plant: Plant, people: list[User], customer: Customer, about: tuple[str, ...], line: OrderLine | None) -> None:
    actor, handler, judge = people
    kind, fault, text, found, cause = about
    lot, quantity = ("20261103A", 2) if line is not None else ("", None)
    made = note_objection(actor=actor, customer=customer, kind=kind, fault=fault, text=text, line=line, quantity=quantity, lot=lot)
    step = plant.random.randrange(3)
    if step:
        diagnose_objection(made, actor=handler, text=found)
    if step > 1:
        judge_objection(made, actor=judge, result="valid", cause=cause, text="情况属实，按规定处理。", awarded=line.fen if line is not None else 0)


def _request(plant: Plant, actor: User, other: User, customer: Customer) -> None:
    random = plant.random
    kind, text, answer, solution = random.choice(REQUESTS)
    made = note_request(actor=actor, customer=customer, kind=kind, channel=random.choice(CHANNELS), text=text)
    fate = random.randrange(8)
    begun = timezone.now() - timedelta(hours=random.randrange(1, 20 if fate < 3 else 60))
    Request.objects.filter(pk=made.pk).update(noted_at=begun, started_at=begun)
    if fate:
        answer_request(made, actor=actor, text=answer)
    if fate == 1 and other.pk != actor.pk:
        hand_on_request(made, actor=actor, to=other, note=HANDED)
    elif fate == 2:
        wait_for_customer(made, actor=actor, reason=random.choice(WAITS))
    elif fate > 3:
        solve_request(made, actor=actor, text=solution)
        hours = random.randrange(1, 6)
        Request.objects.filter(pk=made.pk).update(answered_at=begun + timedelta(hours=1), solved_at=begun + timedelta(hours=hours))


register_content(77, build_service)
