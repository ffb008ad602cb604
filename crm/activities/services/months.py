"""Laying a month for many portfolios: some at a time, each in a transaction of its own, so that nothing waits for all of them."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.activities.capabilities import KEEP_ACTIVITIES
from crm.activities.errors import ActivitiesError
from crm.activities.models import Laying, PromiseRule
from crm.activities.services.planning import lay_visits
from crm.activities.services.promising import AHEAD, make_promises
from crm.activities.windows import ONE_DAY, month_of
from crm.customers.models import Portfolio
from portal.access.registry import has_capability
from portal.access.standings import standing_of
from portal.audit.services import record
from portal.calendar.queries import read_calendar
from portal.foundation.locking import lock_row
from portal.organization.querysets import today
from portal.outbox.services import enqueue

LAY = "activities.lay"
AT_ONCE = 20  # portfolios in one step


def lay_ahead() -> int:
    """A day for each visit of the next four weeks that has none; how many do not fit."""
    first = today()
    last = first + AHEAD + timedelta(days=7)
    return sum(lay_visits(portfolio, first=first, last=last) for portfolio in Portfolio.objects.filter(closed_on__isnull=True).order_by("pk"))


def laid_by(user: Any) -> QuerySet[Portfolio]:
    """The portfolios whose month this person lays: those of the departments they head; all, for who keeps the rules."""
    rows = Portfolio.objects.filter(closed_on__isnull=True)
    return rows if has_capability(user, KEEP_ACTIVITIES) else rows.filter(department__in=standing_of(user).headed_department_ids)


@transaction.atomic
def begin_laying(*, actor: Any, month: date) -> Laying:
    """Lay a month anew for all portfolios that the actor answers for. What was moved by hand stays."""
    first, last = month_of(month)
    if last < today():
        raise ActivitiesError(_("%(month)s is over.") % {"month": f"{first:%Y-%m}"})
    if first > today() + AHEAD:
        raise ActivitiesError(_("Promises are made four weeks ahead; %(month)s is laid when it comes nearer.") % {"month": f"{first:%Y-%m}"})
    total = _portfolios(actor, 0).count()
    if not total:
        raise ActivitiesError(_("Only heads of departments with portfolios, and those who keep the rules, lay a month for others."))
    made = Laying.objects.create(month=first, begun_by=actor, total=total)
    record(actor, "visits.month_begun", made, after={"month": f"{first:%Y-%m}", "portfolios": total})
    enqueue(LAY, {"laying": made.pk})
    return made


def lay_on(laying_id: int) -> bool:
    """The next portfolios of a laying; whether there are more."""
    with transaction.atomic():
        held = lock_row(Laying.objects.select_related("begun_by"), laying_id, no_key=True)
        if held.ended_at is not None:
            return False
        first, last = month_of(held.month)
        rules, calendar = list(PromiseRule.objects.all()), read_calendar()
        some = list(_portfolios(held.begun_by, held.reached)[:AT_ONCE])
        for portfolio in some:
            make_promises(portfolio.pk, rules=rules, calendar=calendar, day=today() + ONE_DAY)
            held.unfit += lay_visits(portfolio, first=first, last=last, anew=True)
            held.reached, held.done = portfolio.pk, held.done + 1
        if len(some) < AT_ONCE:
            held.ended_at, held.total = timezone.now(), held.done
        held.save()
        if held.ended_at is None:
            enqueue(LAY, {"laying": held.pk})
        return held.ended_at is None


def _portfolios(actor: Any, after: int) -> QuerySet[Portfolio]:
    return laid_by(actor).filter(pk__gt=after).order_by("pk")
