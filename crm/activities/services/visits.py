"""A visit as it comes from a device: once, at the file that stays, with both clocks where they differ."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.activities.errors import ActivitiesError
from crm.activities.models import Sighting, Visit
from crm.activities.opinions import opinion_taker
from crm.customers.models import Customer, CustomerVersion, Dealing, PortfolioHolding
from crm.customers.policies import NOT_YOURS
from crm.customers.services.dealings import write_dealing
from portal.access.policies import decide
from portal.attachments.services import hang_files
from portal.audit.services import record
from portal.foundation.locking import lock_row

CLOCK_OFF = timedelta(minutes=10)
OLDEST = timedelta(days=60)
Rival = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class Taken:
    """A visit, whether it is new, and what its writer is told besides."""

    visit: Visit
    is_new: bool
    notes: list[str] = field(default_factory=list)


def take_visit(
    *,
    actor: Any,
    key: UUID,
    customer: Customer,
    said_at: datetime,
    device_now: datetime | None = None,
    rivals: Sequence[Rival] = (),
    file_ids: Sequence[UUID] = (),
    hands_on: bool = False,
    **values: Any,
) -> Taken:
    """Write it down and keep what was promised; `hands_on` what they say to service. The same key again is the same visit, and the same answer."""
    if (earlier := _earlier(key, actor)) is not None:
        return Taken(earlier, is_new=False, notes=_notes(earlier, customer))
    try:
        made, notes = _write(actor, key, customer, said_at, device_now, rivals, file_ids, hands_on, values)
    except IntegrityError:  # sent twice at one moment: the other one has it
        if (earlier := _earlier(key, actor)) is None:
            raise
        return Taken(earlier, is_new=False, notes=_notes(earlier, customer))
    return Taken(made, is_new=True, notes=[*_notes(made, customer), *notes])


@transaction.atomic
def hand_on_opinion(visit: Visit, *, actor: Any) -> str:
    """What was said there goes to service, once; says under which number."""
    held = lock_row(Visit.objects.select_related("customer__root__portfolio"), visit.pk, no_key=True)
    decision = decide(actor, "change", held)
    if not decision:
        raise ActivitiesError(str(decision.rule))
    if not held.opinions:
        raise ActivitiesError(_("Nothing was said there that could be handed on."))
    taker = opinion_taker()
    if taker is None or taker.fate(held, actor) is not None:
        raise ActivitiesError(_("Service have it already."))
    taken = taker.take(held, actor=actor)
    if taken is None:
        raise ActivitiesError(_("This customer is of another portfolio. Whoever holds it hands it on."))
    record(actor, "visit.handed_on", held, after={"to": taken.label})
    return taken.label


@transaction.atomic
def _write(
    actor: Any,
    key: UUID,
    customer: Customer,
    said_at: datetime,
    device_now: datetime | None,
    rivals: Sequence[Rival],
    file_ids: Sequence[UUID],
    hands_on: bool,
    values: dict[str, Any],
) -> tuple[Visit, list[str]]:
    now = timezone.now()
    arrived_at = arrived(said_at, device_now, now)
    if now - arrived_at > OLDEST:
        raise ActivitiesError(
            _("A visit of %(day)s is too long ago to be written down. Check the day.") % {"day": f"{timezone.localtime(arrived_at):%Y-%m-%d}"}
        )
    root = Customer.objects.select_related("portfolio").get(kin=customer.pk)
    _refuse_strangers(actor, root, customer, arrived_at)
    dealing = write_dealing(root, actor=actor, kind=Dealing.Kind.VISIT, text=_said(values), happened_at=arrived_at)
    made = Visit.objects.create(key=key, customer=root, person=actor, dealing=dealing, arrived_at=arrived_at, said_at=said_at, received_at=now, **values)
    Sighting.objects.bulk_create([Sighting(visit=made, name=name, product=product, fen=fen) for name, product, fen in rivals])
    hang_files(actor=actor, about=made, shown=file_ids)
    record(actor, "visit.taken", made, after={"customer": root.code, "arrived": arrived_at.isoformat(), "said": said_at.isoformat()})
    return made, _handed_on(made, actor) if hands_on and made.opinions else []


def _handed_on(visit: Visit, actor: Any) -> list[str]:
    """A visit is never lost because what was said there cannot be handed on; its writer is told."""
    taker = opinion_taker()
    taken = taker.take(visit, actor=actor) if taker is not None else None
    if taken is None:
        return [_("What they say was not handed to service: the customer is of another portfolio now.")]
    record(actor, "visit.handed_on", visit, after={"to": taken.label})
    return [_("What they say is with service as %(number)s.") % {"number": taken.label}]


def arrived(said_at: datetime, device_now: datetime | None, now: datetime) -> datetime:
    """When it was by the portal's clock: as the device says, moved by how far its clock was off when it was sent; never to come."""
    off = now - device_now if device_now is not None else timedelta(0)
    moved = said_at + off if abs(off) > CLOCK_OFF else said_at
    return min(moved, now)


def _earlier(key: UUID, actor: Any) -> Visit | None:
    earlier = Visit.objects.filter(key=key).select_related("customer__root").first()
    if earlier is not None and earlier.person_id != actor.pk:
        raise ActivitiesError(_("This was sent by somebody else already. Write it anew."))
    return earlier


def _refuse_strangers(actor: Any, root: Customer, customer: Customer, at: datetime) -> None:
    """Whoever writes the file today, and whoever held the portfolio in which the customer was when they were there."""
    if decide(actor, "change", root):
        return
    known = CustomerVersion.objects.at(at).filter(row__in=(root.pk, customer.pk)).values_list("portfolio_id", flat=True)
    held = PortfolioHolding.objects.on(timezone.localdate(at)).filter(person=actor.pk, portfolio__in={*known, root.portfolio_id})
    if not held.exists():
        raise ActivitiesError(str(NOT_YOURS))


def _said(values: dict[str, Any]) -> str:
    words = [str(Visit.Outcome(values.get("outcome") or Visit.Outcome.MET).label), values.get("results", ""), values.get("opinions", "")]
    return "\n".join(word for word in words if word)[:2_000]


def _notes(visit: Visit, customer: Customer) -> list[str]:
    notes, root = [], visit.customer.root
    if visit.is_clock_off:
        shown = {"said": f"{timezone.localtime(visit.said_at):%Y-%m-%d %H:%M}", "arrived": f"{timezone.localtime(visit.arrived_at):%Y-%m-%d %H:%M}"}
        notes.append(_("The clock of this device is off: it says %(said)s, taken down as %(arrived)s. Both are kept; set the clock right.") % shown)
    if customer.pk != root.pk:
        notes.append(_("%(name)s was merged into %(root)s meanwhile; the visit stands there.") % {"name": customer.name, "root": root.name})
    if root.ended_on is not None:
        notes.append(_("%(name)s is closed since %(day)s; the visit is kept all the same.") % {"name": root.name, "day": f"{root.ended_on:%Y-%m-%d}"})
    return notes
