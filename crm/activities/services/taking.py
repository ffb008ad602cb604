"""Figures that leave the portal as a file are on record."""

from datetime import date
from typing import Any

from django.db import transaction

from crm.activities.models import Care
from portal.audit.services import record


@transaction.atomic
def note_measures_taken(*, actor: Any, first: date, last: date, by: str) -> None:
    record(actor, "measures.taken", after={"from": first.isoformat(), "to": last.isoformat(), "by": by})


@transaction.atomic
def note_care_taken(care: Care, *, actor: Any) -> None:
    record(actor, "care.taken", care)
