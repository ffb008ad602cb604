"""What pages are told about notices."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from bulletin.models import DepartmentBoard, Notice, SecondPersonTask
from bulletin.notifications import APPROVAL, APPROVED, SENT_BACK
from bulletin.publishing import publishing_departments
from bulletin.services.notices import facts_of_notice, leave_the_boards, missing_of_notice, note_version, tell_of_failed_schedule, tell_of_retraction
from portal.pages.registry import Approval, PageRules, register_approval, register_page, register_workplaces
from portal.pages.released import Released, register_released


def boards_of(user: Any) -> Iterator[Page]:
    """The boards of the departments for which a person may publish today."""
    yield from DepartmentBoard.objects.filter(department__in=publishing_departments(user))


def notices_to_approve(user: Any) -> QuerySet[Notice]:
    return Notice.objects.filter(department__in=publishing_departments(user)).select_related("department")


register_workplaces(boards_of)
register_released(Released("notices", _("Notices"), Notice))
register_page(
    Notice,
    PageRules(
        missing=missing_of_notice,
        facts=facts_of_notice,
        published=note_version,
        ended=leave_the_boards,
        retracted=tell_of_retraction,
        not_published=tell_of_failed_schedule,
    ),
)
register_approval(
    Notice,
    Approval(
        workflow="Second person",
        task=SecondPersonTask,
        tokens=Notice.writer_tokens,
        rows=notices_to_approve,
        asked=APPROVAL,
        approved=APPROVED,
        sent_back=SENT_BACK,
        nobody=_("The department has no second publisher who could approve. Delegate publishing to someone first."),
        others_only=_("Approved by another publisher of the department than the one who wrote it."),
    ),
)
