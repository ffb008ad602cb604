"""Campaigns of care: opened by a head, customers asked by telephone, visits promised, evaluated at the end."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.activities.errors import ActivitiesError
from crm.activities.models import Care, CareCase, CareDecision, Promise
from crm.activities.notifications import CARE
from crm.activities.policies import FOR_OPENERS, cared_portfolios, may_open_care
from crm.activities.services.keeping import due_within, excuse_promise
from crm.activities.services.planning import lay_visits
from crm.customers.models import Customer, Dealing, Portfolio
from crm.customers.models.tiers import spans_on
from crm.customers.services.dealings import write_dealing
from portal.access.policies import decide
from portal.access.standings import people_holding, standing_of
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.organization.querysets import today
from portal.outbox.services import enqueue

LAY_CARE = "activities.lay_care"
MOST_CUSTOMERS = 20_000
LONGEST_CARE = timedelta(days=184)
MOST_NAMED = 5
AT_ONCE = 2_000
State = Promise.State


@dataclass(frozen=True, slots=True)
class Selection:
    """Which customers: those with these numbers, or all that fit whatever is said."""

    portfolio: Portfolio | None = None
    market: str = ""
    address: str = ""
    tier: str = ""
    codes: tuple[str, ...] = ()


def chosen_customers(actor: Any, selection: Selection) -> QuerySet[Customer]:
    """Of portfolios that the actor answers for, merged ones once, no suppliers, none that is closed."""
    kept = Customer.objects.unmerged().filter(portfolio__in=cared_portfolios(actor)).exclude(kind=Customer.Kind.SUPPLIER)
    rows = kept.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=today()))
    if selection.codes:
        return rows.filter(pk__in=_named(rows, selection.codes))
    if selection.portfolio is not None:
        rows = rows.filter(portfolio=selection.portfolio)
    if selection.market:
        rows = rows.filter(market=selection.market)
    if selection.tier:
        rows = rows.filter(pk__in=spans_on(today()).filter(tier=selection.tier).values("customer__root"))
    for word in selection.address.split():
        rows = rows.filter(address__contains=word)
    return rows


def _named(rows: QuerySet[Customer], codes: Sequence[str]) -> list[int]:
    found = dict(Customer.objects.filter(code__in=codes).values_list("code", "root"))
    fit = set(rows.filter(pk__in=found.values()).values_list("pk", flat=True))
    if strange := [code for code in codes if found.get(code) not in fit]:
        raise ActivitiesError(
            _("These numbers are of no open customer of your departments: %(codes)s. Correct them or leave them out.")
            % {"codes": "、".join(strange[:MOST_NAMED])}
        )
    return sorted(fit)


@transaction.atomic
def open_care(*, actor: Any, name: str, kind: str, why: str, starts_on: date, ends_on: date, selection: Selection, contacting: str = "visit") -> Care:
    """After a disaster customers are asked first; otherwise visits or calls are promised at once."""
    if not may_open_care(actor):
        raise ActivitiesError(str(FOR_OPENERS))
    if not name.strip() or not why.strip():
        raise ActivitiesError(_("Say how the campaign is called, and why it is opened."))
    if ends_on < starts_on:
        raise ActivitiesError(_("The last day is before the first. Exchange them."))
    if ends_on < today():
        raise ActivitiesError(_("%(day)s is past. Let it last until a day from today on.") % {"day": f"{ends_on:%Y-%m-%d}"})
    if ends_on - starts_on > LONGEST_CARE:
        raise ActivitiesError(_("A campaign of care lasts half a year at most."))
    customers = _chosen(actor, selection)
    made = Care.objects.create(
        name=name.strip(),
        kind=kind,
        contacting=contacting if kind != Care.Kind.DISASTER else "visit",
        why=why.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        department=_department(actor, customers),
        opened_by=actor,
    )
    record(actor, "care.opened", made, after={"name": made.name, "customers": len(customers), "until": ends_on.isoformat()})
    _add(made, customers)
    return made


@transaction.atomic
def add_customers(care: Care, *, actor: Any, selection: Selection) -> int:
    """The flood has spread: more customers for a campaign that runs. How many were not in it yet."""
    held = lock_care(care, actor)
    there = set(held.cases.values_list("customer__root", flat=True))
    customers = [one for one in _chosen(actor, selection) if one.pk not in there]
    if not customers:
        raise ActivitiesError(_("All of these customers are in the campaign already."))
    record(actor, "care.extended", held, after={"customers": len(customers)})
    _add(held, customers)
    return len(customers)


def _chosen(actor: Any, selection: Selection) -> list[Customer]:
    found = list(chosen_customers(actor, selection).order_by("pk")[: MOST_CUSTOMERS + 1])
    if not found:
        raise ActivitiesError(_("No open customer of your departments fits. Ask for less."))
    if len(found) > MOST_CUSTOMERS:
        raise ActivitiesError(_("More than %(number)s customers fit. Choose fewer, in several campaigns.") % {"number": f"{MOST_CUSTOMERS:,}"})
    return found


def _department(actor: Any, customers: Sequence[Customer]) -> Any:
    """Of whoever heads it; of those who keep the file, that of most customers."""
    counts = Portfolio.objects.filter(pk__in={one.portfolio_id for one in customers}).values_list("pk", "department")
    of_portfolio = dict(counts)
    departments = [of_portfolio[one.portfolio_id] for one in customers]
    headed = [pk for pk in departments if pk in standing_of(actor).headed_department_ids]
    most = max(sorted(set(headed or departments)), key=(headed or departments).count)
    return Portfolio.objects.select_related("department").filter(department=most)[0].department


def _add(care: Care, customers: Collection[Customer]) -> None:
    made = CareCase.objects.bulk_create([CareCase(care=care, customer=one) for one in customers], batch_size=AT_ONCE)
    if care.asks_first:
        tell_holders(care, made)
    else:
        promise_care(care, made, first=max(care.starts_on, today()), last=care.ends_on)


def promise_care(care: Care, cases: Sequence[CareCase], *, first: date, last: date) -> None:
    """A visit or a call for each of them, in the week of whoever holds the portfolio."""
    due = due_within(first, last)
    roots = dict(Customer.objects.filter(kin__in=[one.customer_id for one in cases]).values_list("kin", "pk"))
    promises = [
        Promise(
            customer_id=roots[case.customer_id],
            kind=care.contacting,
            origin=Promise.Origin.CARE,
            starts_on=first,
            ends_on=last,
            due_on=due,
            subject=f"{care.name} · {case.aid}"[:200] if case.aid else care.name,
        )
        for case in cases
    ]
    for case, promise in zip(cases, Promise.objects.bulk_create(promises, batch_size=AT_ONCE), strict=True):
        case.promise = promise
    CareCase.objects.bulk_update(cases, ["promise"], batch_size=AT_ONCE)
    tell_holders(care, cases)
    for portfolio in sorted(set(Customer.objects.filter(pk__in=roots.values()).values_list("portfolio", flat=True))):
        enqueue(LAY_CARE, {"portfolio": portfolio, "until": min(last, first + timedelta(days=35)).isoformat()})


def lay_care(portfolio_id: int, until: date) -> None:
    """A day for each visit that came by a campaign; none is moved."""
    lay_visits(Portfolio.objects.get(pk=portfolio_id), first=today(), last=max(until, today()))


def tell_holders(care: Care, cases: Iterable[CareCase]) -> None:
    """One bell for each portfolio, however many customers of it there are."""
    numbers = Customer.objects.filter(kin__cares__in=[one.pk for one in cases]).order_by().values_list("portfolio").annotate(number=Count("pk"))
    counts = dict(numbers)
    for portfolio in Portfolio.objects.filter(pk__in=counts).order_by("pk"):
        words = {"name": care.name, "number": counts[portfolio.pk], "day": f"{care.ends_on:%Y-%m-%d}"}
        holders = people_holding([portfolio.token]).values_list("pk", flat=True)
        notify(CARE, words=words, about=care, recipients=holders, url=care.get_absolute_url(), needs=[portfolio.token])


@transaction.atomic
def take_answer(
    case: CareCase,
    *,
    actor: Any,
    reached: bool,
    harmed_shop: bool = False,
    harmed_stock: bool = False,
    harmed_people: bool = False,
    damage: int = 0,
    needs: str = "",
) -> CareCase:
    """What was said on the telephone; said again it is corrected. Whoever was reached has a call in their file."""
    held = lock_case(case, actor)
    if held.care.is_closed or not held.care.asks_first:
        raise ActivitiesError(_("Nobody is asked any more: the campaign is closed, or it asks nothing."))
    is_harmed = harmed_shop or harmed_stock or harmed_people
    if not reached and (is_harmed or damage or needs.strip()):
        raise ActivitiesError(_("Whoever was not reached said nothing. Choose “reached”, or leave the rest blank."))
    if damage and not is_harmed:
        raise ActivitiesError(_("Say what was harmed, beside the sum: the shop, stock, people."))
    if held.decision_id is not None and not is_harmed:
        raise ActivitiesError(_("Aid for this customer is being decided, or is decided already. What was harmed stays."))
    is_first = reached and not held.reached
    held.reached, held.asked_at, held.asked_by = reached, timezone.now(), actor
    held.harmed_shop, held.harmed_stock, held.harmed_people = harmed_shop, harmed_stock, harmed_people
    held.damage, held.needs = damage, needs.strip()[:300]
    held.save()
    record(actor, "care.answered", held, after={"reached": reached, "harm": held.harm, "damage": damage})
    if is_first:
        said = "\n".join(part for part in (held.care.name, held.harm or _("no harm"), held.needs) if part)
        write_dealing(held.customer.root, actor=actor, kind=Dealing.Kind.CALL, text=said, happened_at=held.asked_at)
    return held


@transaction.atomic
def note_handed_over(case: CareCase, *, actor: Any, text: str) -> CareCase:
    """After the visit: what they were given."""
    held = lock_case(case, actor)
    if held.promise is None or held.promise.state != State.KEPT:
        raise ActivitiesError(_("Write the visit first; then say what was handed over."))
    if not text.strip():
        raise ActivitiesError(_("Say what was handed over."))
    held.handed_over, held.handed_over_by = text.strip()[:300], actor
    held.save(update_fields=["handed_over", "handed_over_by"])
    record(actor, "care.handed_over", held, after={"what": held.handed_over})
    return held


@transaction.atomic
def evaluate_care(care: Care, *, actor: Any, verdict: str, result: str, excuses: bool = False) -> Care:
    """At the end, by the head. `excuses` what is still open, with the result as its reason."""
    held = lock_care(care, actor)
    if not result.strip():
        raise ActivitiesError(_("Say what came of it."))
    if held.decisions.filter(state=CareDecision.State.ASKED).exists():
        raise ActivitiesError(_("A paper on aid is still being decided. Wait for it, or withdraw it."))
    waiting = held.cases.to_ask().count()
    if waiting and today() <= held.ends_on and not excuses:
        raise ActivitiesError(_("%(number)s customers were not called yet, and there is time until %(day)s.") % _said(waiting, held.ends_on))
    still_open = Promise.objects.filter(care_case__care=held, state=State.OPEN).order_by("pk")
    if not excuses and (first := still_open.order_by("-ends_on").first()) is not None:
        number = still_open.count()
        raise ActivitiesError(_("%(number)s promises are still open until %(day)s. Wait for them, or excuse them as you close.") % _said(number, first.ends_on))
    for promise in still_open:
        excuse_promise(promise, actor=actor, reason=result)
    held.verdict, held.result, held.evaluated_by, held.closed_at = Care.Verdict(verdict), result.strip(), actor, timezone.now()
    held.save()
    record(actor, "care.evaluated", held, after={"verdict": held.verdict, "result": held.result})
    return held


def _said(number: int, day: date) -> dict[str, Any]:
    return {"number": number, "day": f"{day:%Y-%m-%d}"}


def lock_care(care: Care, actor: Any) -> Care:
    """The row, held until the transaction ends, for who runs it while it runs."""
    held = lock_row(Care.objects.select_related("department"), care.pk, no_key=True)
    decision = decide(actor, "change", held)
    if not decision:
        raise ActivitiesError(str(decision.rule))
    if held.is_closed:
        raise ActivitiesError(_("The campaign is closed since %(day)s.") % {"day": f"{timezone.localtime(held.closed_at):%Y-%m-%d}"})
    return held


def lock_case(case: CareCase, actor: Any) -> CareCase:
    held = lock_row(CareCase.objects.select_related("care", "customer__root__portfolio", "promise"), case.pk, no_key=True)
    decision = decide(actor, "change", held)
    if not decision:
        raise ActivitiesError(str(decision.rule))
    return held
