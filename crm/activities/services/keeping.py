"""What keeps a promise, and what is said of one that was not kept."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.activities.errors import ActivitiesError
from crm.activities.models import Contacting, Promise
from crm.activities.services.promising import last_working_day
from crm.customers.models import Customer, Dealing, PortfolioHolding
from crm.customers.policies import KEEPERS_ONLY, PortfolioPolicy
from portal.access.policies import decide
from portal.audit.services import record
from portal.calendar.queries import read_calendar
from portal.foundation.locking import lock_row
from portal.organization.querysets import today

KEEPS = {Dealing.Kind.VISIT: (Contacting.VISIT, Contacting.CALL), Dealing.Kind.CALL: (Contacting.CALL,)}  # a call does not keep a visit
State = Promise.State


def keep_by_dealing(dealing: Dealing) -> None:
    """A visit keeps promised visits and calls in whose window its day lies, a call promised calls; also what was taken for missed meanwhile."""
    kinds = KEEPS.get(Dealing.Kind(dealing.kind))
    if kinds is None:
        return
    root = dealing.customer.root
    day = timezone.localdate(dealing.happened_at)
    rows = Promise.objects.filter(customer__root=root.pk, kind__in=kinds, starts_on__lte=day, ends_on__gte=day, state__in=(State.OPEN, State.MISSED))
    for promise in rows.select_for_update(of=("self",)).order_by("pk"):
        promise.state, promise.settled_on, promise.dealing = State.KEPT, day, dealing
        stamp(promise, root, day)
        promise.save()


def stamp(promise: Promise, root: Customer, day: date) -> None:
    if promise.portfolio_id is None:
        promise.portfolio = root.portfolio
    held = PortfolioHolding.objects.on(day).filter(portfolio=promise.portfolio_id).first()
    promise.holder_id = held.person_id if held is not None else None


@transaction.atomic
def say_why(promise: Promise, *, actor: Any, reason: str) -> Promise:
    """Why a visit or a call was missed. It stays missed."""
    held = lock_promise(promise, actor)
    if held.state != State.MISSED:
        raise ActivitiesError(_("Only what was missed needs a reason; this one is “%(state)s”.") % {"state": held.get_state_display()})
    if not reason.strip():
        raise ActivitiesError(_("Say why it was missed."))
    held.reason, held.reason_by = reason.strip()[:300], actor
    held.save(update_fields=["reason", "reason_by"])
    record(actor, "promise.explained", held, after={"reason": held.reason})
    return held


@transaction.atomic
def say_why_of_many(promises: Iterable[Promise], *, actor: Any, reason: str) -> int:
    """One reason for several that were missed: a flood, an illness. All of them or none; how many there were."""
    number = 0
    for promise in sorted(promises, key=lambda one: one.pk):
        say_why(promise, actor=actor, reason=reason)
        number += 1
    if not number:
        raise ActivitiesError(_("Choose those that this reason holds for."))
    return number


@transaction.atomic
def excuse_promise(promise: Promise, *, actor: Any, reason: str) -> Promise:
    """It counts as neither kept nor missed: the shop is being rebuilt, the road is flooded. The head of the department says so, not who promised."""
    held = lock_promise(promise, actor)
    root = held.customer.root
    if not PortfolioPolicy().decide(actor, "change", root.portfolio):
        raise ActivitiesError(str(KEEPERS_ONLY))
    if held.state not in (State.OPEN, State.MISSED):
        raise ActivitiesError(_("It is “%(state)s” already.") % {"state": held.get_state_display()})
    if not reason.strip():
        raise ActivitiesError(_("Say why it is excused."))
    day = held.settled_on or today()
    if held.portfolio_id is None:
        stamp(held, root, day)
    held.state, held.settled_on, held.reason, held.reason_by = State.EXCUSED, day, reason.strip()[:300], actor
    held.save()
    record(actor, "promise.excused", held, after={"reason": held.reason})
    return held


@transaction.atomic
def agree_on(customer: Customer, *, actor: Any, kind: str, day: date, subject: str = "") -> Promise:
    """Something was agreed with the customer for a day: it stands in the plan of that day, and counts as an appointment."""
    root = Customer.objects.select_related("portfolio").get(kin=customer.pk)
    decision = decide(actor, "change", root)
    if not decision:
        raise ActivitiesError(str(decision.rule))
    if root.ended_on is not None and root.ended_on <= day:
        raise ActivitiesError(_("%(name)s is closed since %(day)s. Nothing can be promised there.") % {"name": root.name, "day": f"{root.ended_on:%Y-%m-%d}"})
    if day < today():
        raise ActivitiesError(_("%(day)s is past. Agree on a day from today on.") % {"day": f"{day:%Y-%m-%d}"})
    if Promise.objects.filter(customer=root, kind=kind, origin=Promise.Origin.APPOINTMENT, starts_on=day).exists():
        raise ActivitiesError(_("This is agreed with %(name)s for that day already.") % {"name": root.name})
    made = Promise.objects.create(
        customer=root,
        kind=kind,
        origin=Promise.Origin.APPOINTMENT,
        starts_on=day,
        ends_on=day,
        due_on=day,
        planned_on=day,
        is_planned_by_hand=True,
        subject=subject.strip(),
    )
    record(actor, "promise.agreed", made, after={"customer": root.code, "day": day.isoformat()})
    return made


def lock_promise(promise: Promise, actor: Any) -> Promise:
    """The row, held until the transaction ends, for who writes the file of its customer."""
    held = lock_row(Promise.objects.select_related("customer__root__portfolio"), promise.pk, no_key=True)
    decision = decide(actor, "change", held)
    if not decision:
        raise ActivitiesError(str(decision.rule))
    return held


def due_within(first: date, last: date) -> date:
    """The last working day, or the last day where none is worked."""
    return last_working_day(read_calendar(), (first, last)) or last


def renew_dues(first_day: date, last_day: date) -> None:
    """A corrected calendar moves what is due in windows that it touches."""
    calendar, changed = read_calendar(), []
    rows = Promise.objects.filter(Q(starts_on__lte=last_day), state=State.OPEN, ends_on__gte=first_day)
    dues: dict[tuple[date, date], date] = {}
    for row in rows.only("starts_on", "ends_on", "due_on").iterator():
        window = (row.starts_on, row.ends_on)
        if window not in dues:
            dues[window] = last_working_day(calendar, window) or row.ends_on
        if row.due_on != dues[window]:
            row.due_on = dues[window]
            changed.append(row)
    Promise.objects.bulk_update(changed, ["due_on"], batch_size=2_000)
