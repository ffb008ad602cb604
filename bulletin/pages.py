"""What pages are told about notices."""

from collections.abc import Iterator
from typing import Any

from wagtail.models import Page

from bulletin.models import DepartmentBoard, Notice
from bulletin.publishing import publishing_departments
from bulletin.services.notices import facts_of_notice, leave_the_boards, missing_of_notice, note_version, tell_of_failed_schedule, tell_of_retraction
from portal.pages.registry import PageRules, register_page, register_workplaces


def boards_of(user: Any) -> Iterator[Page]:
    """The boards of the departments for which a person may publish today."""
    yield from DepartmentBoard.objects.filter(department__in=publishing_departments(user))


register_workplaces(boards_of)
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
