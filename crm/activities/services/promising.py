"""Making promises four weeks ahead by the rules of tiers, and settling those whose window is over. Portfolio by portfolio; done again it changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from crm.activities.models import Promise, PromiseRule
from crm.activities.models.rules import NO_TIER
from crm.activities.notifications import MISSED
from crm.activities.windows import ONE_DAY, Window, windows_begun
from crm.customers.models import Customer, Portfolio, PortfolioHolding
from crm.customers.models.tiers import TierSpan
from portal.access.standings import people_holding
from portal.approvals.models import Paper
from portal.calendar.queries import read_calendar
from portal.calendar.working_time import WorkingCalendar
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.organization.querysets import today

AHEAD = timedelta(weeks=4)
AT_ONCE = 2_000
Key = tuple[int, str, date, date]
Kind = Customer.Kind


def make_all_promises(day: date | None = None) -> int:
    """For every portfolio; how many were made."""
    rules, calendar = list(PromiseRule.objects.all()), read_calendar()
    portfolios = Portfolio.objects.order_by("pk").values_list("pk", flat=True)
    return sum(make_promises(pk, rules=rules, calendar=calendar, day=day) for pk in portfolios)


@transaction.atomic
def make_promises(portfolio_id: int, *, rules: Collection[PromiseRule], calendar: WorkingCalendar, day: date | None = None) -> int:
    """What the rules promise to the customers of a portfolio in windows that begin from `day` on, four weeks ahead; what is promised otherwise there goes."""
    begun = day or today()
    lock_row(Portfolio.objects.all(), portfolio_id, no_key=True)
    wanted = {(pk, kind, *window): due for pk, kind, window, due in _wanted(portfolio_id, rules, calendar, begun)}
    rows = Promise.objects.filter(customer__root__portfolio=portfolio_id, origin=Promise.Origin.RULE, starts_on__gte=begun).order_by()
    present: set[Key] = set()
    gone: list[int] = []
    moved: dict[date, list[int]] = defaultdict(list)
    for pk, state, due_on, *of_window in rows.values_list("pk", "state", "due_on", "customer_id", "kind", "starts_on", "ends_on"):
        key: Key = tuple(of_window)  # type: ignore[assignment]
        present.add(key)
        if state != Promise.State.OPEN:
            continue
        if key not in wanted:
            gone.append(pk)
        elif due_on != wanted[key]:
            moved[wanted[key]].append(pk)
    Promise.objects.filter(pk__in=gone).delete()
    for due_on, keys in moved.items():
        Promise.objects.filter(pk__in=keys).update(due_on=due_on)
    made = [Promise(customer_id=key[0], kind=key[1], starts_on=key[2], ends_on=key[3], due_on=due) for key, due in wanted.items() if key not in present]
    Promise.objects.bulk_create(made, batch_size=AT_ONCE, ignore_conflicts=True)
    return len(made)


def _wanted(portfolio_id: int, rules: Collection[PromiseRule], calendar: WorkingCalendar, begun: date) -> Iterator[tuple[int, str, Window, date]]:
    """Of each customer, by the tier of the day on which a window begins; a window without a working day promises nothing."""
    windows: dict[str, list[tuple[str, Window, date]]] = {}
    for rule in rules:
        for window in windows_begun(rule.unit, rule.every, begun, begun + AHEAD):
            due = last_working_day(calendar, window)
            if due is not None:
                windows.setdefault(rule.tier, []).append((rule.kind, window, due))
    customers = Customer.objects.unmerged().filter(portfolio=portfolio_id, portfolio__closed_on__isnull=True).exclude(kind=Kind.SUPPLIER)
    ended = dict(customers.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=begun)).order_by().values_list("pk", "ended_on"))
    spans: dict[int, list[TierSpan]] = {}
    holding = TierSpan.objects.filter(decision__paper__state=Paper.State.APPROVED, ends_on__gte=begun, starts_on__lte=begun + AHEAD)
    for span in holding.filter(customer__root__portfolio=portfolio_id).annotate(root=F("customer__root")).order_by():
        if span.customer_id == span.root:
            spans.setdefault(span.root, []).append(span)
    for pk, ended_on in ended.items():
        for tier, offered in windows.items():
            for kind, window, due in offered:
                if _tier_on(spans.get(pk, ()), window[0]) == tier and (ended_on is None or ended_on > window[0]):
                    yield pk, kind, window, due


def _tier_on(spans: Collection[TierSpan], day: date) -> str:
    return next((span.tier for span in spans if span.starts_on <= day <= span.ends_on), NO_TIER)


def last_working_day(calendar: WorkingCalendar, window: Window) -> date | None:
    day = window[1]
    while day >= window[0]:
        if calendar.is_working(day):
            return day
        day -= ONE_DAY
    return None


def settle_promises(day: date | None = None) -> int:
    """Open ones whose window ended before a day are missed; who holds the portfolio is told once. How many there were."""
    missed = 0
    while found := _settle_some(day or today()):
        missed += found
    return missed


@transaction.atomic
def _settle_some(day: date) -> int:
    open_ones = Promise.objects.filter(state=Promise.State.OPEN, ends_on__lt=day).order_by("ends_on", "pk")
    keys = list(open_ones.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:AT_ONCE])
    if not keys:
        return 0
    portfolio = Customer.objects.filter(kin=OuterRef("customer")).values("portfolio")[:1]
    rows = Promise.objects.filter(pk__in=keys)
    rows.update(state=Promise.State.MISSED, settled_on=F("ends_on"), portfolio=Subquery(portfolio))
    rows.update(holder=Subquery(_holder_on(OuterRef("ends_on"))))
    _tell_of_missed(keys)
    return len(keys)


def _holder_on(day: OuterRef) -> QuerySet[Any]:
    held = PortfolioHolding.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), portfolio=OuterRef("portfolio"), starts_on__lte=day)
    return held.values("person")[:1]


def _tell_of_missed(keys: Collection[int]) -> None:
    """One bell for each portfolio, however many there are, for who holds it now: they say why."""
    counts = Counter(Promise.objects.filter(pk__in=keys).values_list("portfolio", flat=True))
    for portfolio in Portfolio.objects.filter(pk__in=[pk for pk in counts if pk]):
        words = {"portfolio": portfolio.name, "number": counts[portfolio.pk]}
        holders = people_holding([portfolio.token]).values_list("pk", flat=True)
        notify(MISSED, words=words, recipients=holders, url=f"{reverse('crm:promise_list')}?state=missed&why=none", needs=[portfolio.token])
