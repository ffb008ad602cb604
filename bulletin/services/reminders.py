"""Reminding those who have not confirmed, before the deadline, after it, and when their publisher presses."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bulletin.models import Notice
from bulletin.notifications import CONFIRM, OVERDUE
from bulletin.reporting.confirmations import ConfirmationReport
from bulletin.services.bells import missing_url
from portal.audit.services import record
from portal.notifications.services import notify
from portal.organization.models import Department, Employment
from portal.pages.drafts import lock_page
from portal.pages.errors import PageStateError

BETWEEN_REMINDERS = timedelta(hours=1)


@transaction.atomic
def remind_unconfirmed(notice: Notice, *, actor: Any) -> int:
    """Remind everyone who has not confirmed; return how many. Refuses within an hour of the last time, for then nobody reads it."""
    lock_page(notice)
    stored = Notice.objects.get(pk=notice.pk)
    if not stored.is_current or stored.binding_number is None:
        raise PageStateError(_("No confirmation is asked for."))
    if stored.reminded_at is not None and timezone.now() - stored.reminded_at < BETWEEN_REMINDERS:
        raise PageStateError(_("They were reminded less than an hour ago. Give them time."))
    missing = [person_id for person_id, _department in ConfirmationReport(stored).missing()]
    if not missing:
        raise PageStateError(_("Everyone has confirmed."))
    Notice.objects.filter(pk=stored.pk).update(reminded_at=timezone.now())
    record(actor, "notice.reminded", stored, after={"people": len(missing)})
    _remind(stored, missing, actor)
    return len(missing)


def remind_due(notice_id: int, binding: int, by: str) -> None:
    """The reminder before a deadline; nothing where the notice, what is asked or the deadline has changed since it was planned."""
    with transaction.atomic():
        notice = _still(notice_id, binding, by)
        if notice is not None and (missing := [person_id for person_id, _department in ConfirmationReport(notice).missing()]):
            _remind(notice, missing, None)


def tell_overdue(notice_id: int, binding: int, by: str) -> None:
    """After a deadline the heads are told how many of their people have not confirmed; of what is not for them, they learn nothing."""
    with transaction.atomic():
        notice = _still(notice_id, binding, by)
        if notice is None:
            return
        missing = Counter(department_id for _person, department_id in ConfirmationReport(notice).missing() if department_id is not None)
        for head_id, number in _by_head(missing).items():
            notify(OVERDUE, words={"number": number, "title": notice.title}, about=notice, recipients=[head_id], url=missing_url(notice))


def _still(notice_id: int, binding: int, by: str) -> Notice | None:
    notice = Notice.objects.filter(pk=notice_id, binding_number=binding, confirm_by=datetime.fromisoformat(by)).first()
    return notice if notice is not None and notice.is_current else None


def _remind(notice: Notice, missing: list[int], actor: Any) -> None:
    day = date_format(timezone.localtime(notice.confirm_by), "m-d H:i") if notice.confirm_by else _("today")
    notify(CONFIRM, words={"title": notice.title, "day": day}, about=notice, recipients=missing, url=notice.get_absolute_url(), actor=actor)


def _by_head(missing: Counter[int]) -> Counter[int]:
    """How many of each head's people are missing; where a department has no head, the next one above answers."""
    heads: dict[int, list[int]] = {}
    for department_id, person_id in Employment.objects.current().filter(position__is_head=True, person__is_active=True).values_list("department", "person"):
        heads.setdefault(department_id, []).append(person_id)
    told: Counter[int] = Counter()
    for department in Department.objects.filter(pk__in=missing):
        above = next((pk for pk in (department.pk, *reversed(department.ancestor_ids)) if pk in heads), None)
        for head_id in heads.get(above, []) if above is not None else []:
            told[head_id] += missing[department.pk]
    return told
