"""What pages are told about notices."""

from collections.abc import Iterator
from typing import Any

from wagtail.models import Page

from bulletin.models import DepartmentBoard, Notice
from bulletin.publishing import publishing_departments
from bulletin.services.drafts import hang_draft
from bulletin.services.notices import check_publication, note_end, note_publication, note_schedule
from portal.pages.registry import PageRules, register_page, register_workplaces


def boards_of(user: Any) -> Iterator[Page]:
    """The boards of the departments for which a person may publish today."""
    yield from DepartmentBoard.objects.filter(department__in=publishing_departments(user))


register_workplaces(boards_of)
register_page(Notice, PageRules(check=check_publication, saved=hang_draft, scheduled=note_schedule, published=note_publication, unpublished=note_end))
