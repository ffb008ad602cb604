"""Printed sheets, each with a number of its own."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.surveys.errors import SurveysError
from crm.surveys.models import Sheet, Survey
from crm.surveys.policies import KEEPERS_ONLY, keeps_surveys
from portal.audit.services import record
from portal.foundation.locking import lock_row

MOST_AT_ONCE, MOST = 500, 90_000
FIRST = 1_000


@transaction.atomic
def make_sheets(survey: Survey, *, actor: Any, number: int) -> list[Sheet]:
    """So many more, of the newest published version."""
    if not keeps_surveys(actor):
        raise SurveysError(str(KEEPERS_ONLY))
    held = lock_row(Survey.objects.all(), survey.pk, no_key=True)
    version = held.versions.filter(published_at__isnull=False).first()
    if version is None or held.state != Survey.State.RUNNING:
        raise SurveysError(_("Sheets are printed while the survey runs."))
    there = held.sheets.count()
    if not 1 <= number <= MOST_AT_ONCE or there + number > MOST:
        raise SurveysError(_("From 1 to %(most)s sheets at a time.") % {"most": MOST_AT_ONCE})
    made = Sheet.objects.bulk_create(Sheet(survey=held, version=version, number=with_check(FIRST + there + place)) for place in range(number))
    record(actor, "survey.sheets_made", held, after={"from": made[0].number, "to": made[-1].number})
    return made


def with_check(number: int) -> int:
    """The number with its check digit (Luhn), by which one wrong digit, and nearly every two that changed places, are seen."""
    total = 0
    for place, digit in enumerate(int(one) for one in reversed(str(number))):
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return number * 10 + (10 - total % 10) % 10
