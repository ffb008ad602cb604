"""What is reported in confidence: reported, taken up, closed with what came of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.customers.models import Customer
from crm.service.capabilities import READ_REPORTS
from crm.service.errors import ServiceError
from crm.service.models import Report
from crm.service.notifications import REPORT_CLOSED, REPORTED
from portal.access.policies import can, decide
from portal.access.registry import tokens_of_holders
from portal.access.standings import people_holding
from portal.attachments.services import hang_files
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.numbers.series import NumberSeries
from portal.numbers.services import issue_number
from portal.organization.querysets import today

REPORTS = NumberSeries("service.report", "JB{year}{number:04}")


@transaction.atomic
def make_report(*, actor: Any, kind: str, text: str, customer: Customer | None = None, place: str = "", file_ids: Sequence[UUID] = ()) -> Report:
    """Every employee may. Those who read such reports are told that there is one, and nothing of what it says."""
    if not actor.is_employee:
        raise ServiceError(_("Only employees report here."))
    root = Customer.objects.select_related("portfolio").get(pk=customer.root_id) if customer is not None else None
    if root is not None and not can(actor, "view", root):
        raise ServiceError(_("There is no such customer."))
    if root is None and not place.strip():
        raise ServiceError(_("Say where, or whose it is."))
    year = today().year
    number = REPORTS.write(issue_number(REPORTS, year=year), year=year)
    made = Report.objects.create(number=number, kind=Report.Kind(kind), customer=root, place=place.strip(), text=text.strip(), reporter=actor)
    if file_ids:
        hang_files(actor=actor, about=made, shown=list(file_ids))
    record(actor, "report.made", made)
    people = list(people_holding(tokens_of_holders(READ_REPORTS)).values_list("pk", flat=True))
    notify(REPORTED, words={"number": made.number}, about=made, recipients=people, url=made.get_absolute_url(), actor=actor)
    return made


@transaction.atomic
def take_report(report: Report, *, actor: Any) -> Report:
    held = _lock(report, actor)
    held.state, held.handler = Report.State.TAKEN, actor
    held.save()
    record(actor, "report.taken", held)
    return held


@transaction.atomic
def close_report(report: Report, *, actor: Any, outcome: str) -> Report:
    """Who reported it is told that it was closed, and reads what came of it."""
    held = _lock(report, actor)
    if not outcome.strip():
        raise ServiceError(_("Say what came of it."))
    held.state, held.handler, held.outcome, held.closed_at = Report.State.CLOSED, held.handler or actor, outcome.strip(), timezone.now()
    held.save()
    record(actor, "report.closed", held)
    notify(REPORT_CLOSED, words={"number": held.number}, about=held, recipients=[held.reporter_id], url=held.get_absolute_url(), actor=actor)
    return held


def _lock(report: Report, actor: Any) -> Report:
    held = lock_row(Report.objects.select_related("reporter"), report.pk, no_key=True)
    decision = decide(actor, "change", held)
    if not decision:
        raise ServiceError(str(decision.rule))
    if held.state == Report.State.CLOSED:
        raise ServiceError(_("It was closed already."))
    return held
