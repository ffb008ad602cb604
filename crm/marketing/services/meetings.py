"""A meeting as it is noted; its points, followed until somebody else than whose they are says that they are done."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.marketing.errors import MarketingError
from crm.marketing.models import Meeting, MeetingGuest, MeetingPoint
from crm.marketing.notifications import POINT_GIVEN, POINT_JUDGED
from crm.marketing.policies import FOR_MARKETING, keeps_marketing
from portal.access.policies import can, decide
from portal.accounts.models import User
from portal.attachments.services import hang_files
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.numbers.series import NumberSeries
from portal.numbers.services import issue_number
from portal.organization.querysets import today

MEETINGS = NumberSeries("marketing.meeting", "HY{year}{number:03}")
FIELDS = ("kind", "name", "held_on", "place", "summary", "owner")
State = MeetingPoint.State


@transaction.atomic
def note_meeting(
    *, actor: Any, products: Collection[Product] = (), guests: Sequence[tuple[str, str]] = (), file_ids: Sequence[UUID] = (), **values: Any
) -> Meeting:
    """`values` are FIELDS; `guests` are names and where they are from; files are minutes, lists, pictures."""
    if not keeps_marketing(actor):
        raise MarketingError(str(FOR_MARKETING))
    year = today().year
    made = Meeting(number=MEETINGS.write(issue_number(MEETINGS, year=year), year=year), made_by=actor)
    _write(made, products, values)
    hang_files(actor=actor, about=made, shown=file_ids)
    add_guests(made, actor=actor, guests=guests)
    record(actor, "meeting.noted", made, after={"name": made.name, "on": made.held_on.isoformat(), "guests": len(guests)})
    return made


@transaction.atomic
def change_meeting(meeting: Meeting, *, actor: Any, products: Collection[Product] = (), file_ids: Sequence[UUID] = (), **values: Any) -> Meeting:
    """Products and files are exactly these afterwards."""
    held = _lock(meeting, actor)
    before = {"name": held.name, "on": held.held_on.isoformat()}
    _write(held, products, values)
    hang_files(actor=actor, about=held, shown=file_ids)
    record(actor, "meeting.changed", held, before=before, after={"name": held.name, "on": held.held_on.isoformat()})
    return held


@transaction.atomic
def add_guests(meeting: Meeting, *, actor: Any, guests: Sequence[tuple[str, str]]) -> int:
    """Whoever is from a customer of that name is theirs."""
    held = _lock(meeting, actor)
    firms = {firm.strip() for _name, firm in guests if firm.strip()}
    known = {one.name: one for one in Customer.objects.unmerged().filter(name__in=firms) if can(actor, "view", one)}
    rows = [MeetingGuest(meeting=held, name=name.strip(), firm=firm.strip(), customer=known.get(firm.strip())) for name, firm in guests if name.strip()]
    MeetingGuest.objects.bulk_create(rows)
    if rows:
        record(actor, "meeting.guests_noted", held, after={"guests": [one.name for one in rows]})
    return len(rows)


@transaction.atomic
def add_point(meeting: Meeting, *, actor: Any, kind: str, text: str, owner: User, due_on: date, raised_by: str = "", outcome: str = "") -> MeetingPoint:
    """With an `outcome` it was answered there and then. Whose it is gets it as a task."""
    held = _lock(meeting, actor)
    if not text.strip():
        raise MarketingError(_("Write what was asked or promised."))
    if due_on < held.held_on:
        raise MarketingError(_("%(day)s is before the meeting. Write a day from then on.") % {"day": f"{due_on:%Y-%m-%d}"})
    made = MeetingPoint.objects.create(
        meeting=held, kind=MeetingPoint.Kind(kind), text=text.strip(), raised_by=raised_by.strip(), owner=owner, due_on=due_on, outcome=outcome.strip(),
        state=State.DONE if outcome.strip() else State.OPEN, done_at=timezone.now() if outcome.strip() else None,
    )  # fmt: skip
    record(actor, "meeting_point.noted", held, after={"text": made.text, "owner": owner.name, "until": due_on.isoformat()})
    if made.state == State.OPEN:
        words = {"name": held.name, "text": made.text, "day": f"{due_on:%Y-%m-%d}"}
        notify(POINT_GIVEN, words=words, about=held, recipients=[owner.pk], url=held.get_absolute_url(), actor=actor)
    return made


@transaction.atomic
def finish_point(point: MeetingPoint, *, actor: Any, outcome: str) -> MeetingPoint:
    """By whose it is, or who answers for the meeting."""
    held = lock_row(MeetingPoint.objects.select_related("meeting"), point.pk, no_key=True)
    if held.owner_id != actor.pk and not can(actor, "change", held.meeting):
        raise MarketingError(_("Whose point it is says that it is done, or who answers for the meeting."))
    if held.state != State.OPEN:
        raise MarketingError(_("It is done already."))
    if not outcome.strip():
        raise MarketingError(_("Write the answer, or what came of it."))
    held.state, held.done_at, held.outcome = State.DONE, timezone.now(), outcome.strip()
    held.save(update_fields=["state", "done_at", "outcome"])
    record(actor, "meeting_point.done", held.meeting, after={"text": held.text, "outcome": held.outcome})
    return held


@transaction.atomic
def judge_point(point: MeetingPoint, *, actor: Any, is_kept: bool, judgement: str = "", due_on: date | None = None) -> MeetingPoint:
    """By another than whose it is. What is not done is open again until `due_on`, with the reason."""
    held = lock_row(MeetingPoint.objects.select_related("meeting"), point.pk, no_key=True)
    if not can(actor, "change", held.meeting) or held.owner_id == actor.pk:
        raise MarketingError(_("Nobody judges their own point. Somebody else in marketing, or who answers for the meeting, has to."))
    if held.state != State.DONE:
        raise MarketingError(_("Only what is said to be done is judged, and once."))
    held.judgement = judgement.strip()
    if is_kept:
        held.state, held.judged_by, held.judged_at = State.KEPT, actor, timezone.now()
    else:
        if not held.judgement or due_on is None or due_on < today():
            raise MarketingError(_("Say what is missing, and until which day from today on it is to be done."))
        held.state, held.done_at, held.due_on = State.OPEN, None, due_on
    held.save()
    record(actor, "meeting_point.kept" if is_kept else "meeting_point.reopened", held.meeting, after={"text": held.text}, reason=held.judgement)
    words = {"name": held.meeting.name, "text": held.text, "state": str(held.get_state_display())}
    notify(POINT_JUDGED, words=words, about=held.meeting, recipients=[held.owner_id], url=held.meeting.get_absolute_url(), actor=actor)
    return held


def _write(held: Meeting, products: Collection[Product], values: dict[str, Any]) -> None:
    for name in FIELDS:
        setattr(held, name, values[name])
    held.name = held.name.strip()
    held.save()
    held.products.set(products)


def _lock(meeting: Meeting, actor: Any) -> Meeting:
    held = lock_row(Meeting.objects.all(), meeting.pk, no_key=True)
    decision = decide(actor, "change", held)
    if not decision:
        raise MarketingError(str(decision.rule))
    return held
