"""Document numbers: one sequence for each prefix and year, whichever department holds the prefix."""

from typing import Any

from django.utils import timezone

from bulletin.models import DepartmentBoard, Notice
from bulletin.prefixes import DOCUMENTS, prefix_key
from portal.numbers import services


def issue_document_number(prefix: str, year: int) -> int:
    return services.issue_number(DOCUMENTS, year=year, scope=prefix_key(prefix))


def next_number(board: DepartmentBoard | None, *, year: int | None = None) -> str:
    """The number that a document of this board would get now, as it is cited; empty where the board has no prefix. It is given at publication."""
    if board is None or not board.document_prefix:
        return ""
    year = year or timezone.localdate().year
    number = services.next_number(DOCUMENTS, year=year, scope=prefix_key(board.document_prefix))
    return DOCUMENTS.write(number, year=year, prefix=board.document_prefix)


def number_to_come(notice: Any) -> str:
    """The number that a draft would get: of the year in which it would be published. Empty for what is no document, or has its number."""
    if notice.kind != Notice.Kind.DOCUMENT or notice.document_number is not None:
        return ""
    return next_number(notice.board, year=timezone.localtime(notice.begins_at).year)
