"""Who stands in for whom."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record, snapshot
from portal.foundation.locking import lock_row
from portal.organization.errors import OrganizationError
from portal.organization.models import Deputyship, Employment
from portal.organization.querysets import today
from portal.organization.registry import announce_changes
from portal.organization.services.employments import ONE_DAY
from portal.outbox.services import enqueue

FIELDS = ("deputy", "starts_on", "ends_on", "reason")
FOREVER = date.max
APPOINTED = "organization.deputy_appointed"


@transaction.atomic
def appoint_deputy(employment: Employment, *, deputy: User, starts_on: date, ends_on: date | None = None, reason: str = "", actor: Any) -> Deputyship:
    """From `starts_on` to `ends_on` (both included) the deputy has the rights of the post.

    Refuses oneself, someone who is not employed by then, a chain that comes back to the holder, and the same deputy twice.
    """
    list(User.objects.select_for_update(of=("self",)).filter(pk__in=[employment.person_id, deputy.pk]).order_by("pk").only("pk"))
    if ends_on is not None and ends_on < starts_on:
        raise OrganizationError(_("The last day is before the first."))
    if ends_on is not None and ends_on < today():
        raise OrganizationError(_("The last day has passed. Choose a later one."))
    if deputy.pk == employment.person_id:
        raise OrganizationError(_("Nobody can be their own deputy."))
    if not employment.holds_on(starts_on):
        raise OrganizationError(_("%(person)s does not hold this post on that day.") % {"person": employment.person.name})
    if not deputy.is_active or not deputy.is_employee or not Employment.objects.on(starts_on).filter(person=deputy).exists():
        raise OrganizationError(_("%(person)s is not employed on that day.") % {"person": deputy.name})
    if _overlapping(starts_on, ends_on).filter(employment=employment, deputy=deputy).exists():
        raise OrganizationError(_("%(person)s stands in for this post in that time already.") % {"person": deputy.name})
    _refuse_loop(employment.person_id, deputy, starts_on, ends_on)
    deputyship = Deputyship.objects.create(employment=employment, deputy=deputy, starts_on=starts_on, ends_on=ends_on, reason=reason)
    record(actor, "deputy.appointed", deputyship, after=snapshot(deputyship, *FIELDS))
    announce_changes({deputy.pk})
    enqueue(APPOINTED, {"deputyship_id": deputyship.pk, "actor_id": actor.pk if actor is not None else None})
    return deputyship


@transaction.atomic
def end_deputyship(deputyship: Deputyship, *, last_day: date, actor: Any) -> None:
    """The deputy stands in until `last_day`; one that begins later never does."""
    stored = lock_row(Deputyship.objects.select_related("employment__person", "deputy"), deputyship.pk)
    before = snapshot(stored, *FIELDS)
    if stored.starts_on > last_day:
        record(actor, "deputy.withdrawn", stored, before=before)
        stored.delete()
    else:
        stored.ends_on = min(last_day, stored.ends_on or FOREVER)
        stored.save(update_fields=["ends_on"])
        record(actor, "deputy.ended", stored, before=before, after=snapshot(stored, *FIELDS))
    announce_changes({deputyship.deputy_id})


@transaction.atomic
def dismiss_deputy(deputyship: Deputyship, *, today: date, actor: Any) -> None:
    """End it on the spot: from now on the deputy has none of the rights."""
    end_deputyship(deputyship, last_day=today - ONE_DAY, actor=actor)


def _refuse_loop(holder_id: int, deputy: User, starts_on: date, ends_on: date | None) -> None:
    reached, frontier = {deputy.pk}, {deputy.pk}
    while frontier:
        frontier = set(_overlapping(starts_on, ends_on).filter(employment__person__in=frontier).values_list("deputy_id", flat=True)) - reached
        reached |= frontier
    if holder_id in reached:
        raise OrganizationError(
            _("%(person)s is stood in for by the holder of this post in that time: the two would stand in for each other.") % {"person": deputy.name}
        )


def _overlapping(starts_on: date, ends_on: date | None):
    rows = Deputyship.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    return rows if ends_on is None else rows.filter(starts_on__lte=ends_on)
