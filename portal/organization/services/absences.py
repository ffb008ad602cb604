"""Where people are when they are not here."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record, snapshot
from portal.organization.errors import OrganizationError
from portal.organization.models import Absence

FIELDS = ("kind", "starts_on", "ends_on", "note")


@transaction.atomic
def record_absence(person: User, *, kind: str, starts_on: date, ends_on: date, note: str = "", actor: Any) -> Absence:
    """Say that a person is away from a day to a day, both included. Refuses days that an absence covers already."""
    if ends_on < starts_on:
        raise OrganizationError(_("The last day is before the first."))
    if Absence.objects.filter(person=person, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise OrganizationError(_("Some of these days are noted as away already."))
    absence = Absence.objects.create(person=person, kind=kind, starts_on=starts_on, ends_on=ends_on, note=note)
    record(actor, "absence.recorded", person, after=snapshot(absence, *FIELDS))
    return absence


@transaction.atomic
def withdraw_absence(absence: Absence, *, actor: Any) -> None:
    """Take an absence back."""
    record(actor, "absence.withdrawn", absence.person, before=snapshot(absence, *FIELDS))
    absence.delete()
