"""In November and December administrators are told, once a week, that next year is missing in the calendar."""

from django.db import transaction
from django.urls import reverse

from portal.access.rules import ADMINISTRATORS
from portal.accounts.models import User
from portal.administration.notifications import CALENDAR_MISSING
from portal.calendar.queries import is_year_kept
from portal.notifications.services import notify
from portal.organization.querysets import today

NOVEMBER = 11


@transaction.atomic
def tell_of_missing_year() -> bool:
    """Whether it had to be told. Run on Monday mornings."""
    day = today()
    if day.month < NOVEMBER or is_year_kept(day.year + 1):
        return False
    administrators = list(User.objects.active().filter(is_superuser=True).values_list("pk", flat=True))
    notify(CALENDAR_MISSING, words={"year": day.year + 1}, recipients=administrators, needs=[ADMINISTRATORS], url=reverse("administration:calendar"))
    return True
