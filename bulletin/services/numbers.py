"""Document numbers: in sequence for each prefix and year, without gaps or doubles, whichever department holds the prefix."""

from typing import Any

from django.utils import timezone

from bulletin.models import DepartmentBoard, DocumentSequence, Notice
from bulletin.prefixes import prefix_key


def issue_number(prefix: str, year: int) -> int:
    """The next number. The row stays locked until the caller's transaction ends: what is rolled back leaves no gap, and nobody gets it twice."""
    key = prefix_key(prefix)
    DocumentSequence.objects.get_or_create(prefix_key=key, year=year)
    sequence = DocumentSequence.objects.select_for_update().get(prefix_key=key, year=year)
    sequence.last_number += 1
    sequence.save(update_fields=["last_number"])
    return sequence.last_number


def next_number(board: DepartmentBoard | None, *, year: int | None = None) -> str:
    """The number that a document of this board would get now, as it is cited; empty where the board has no prefix. It is given at publication."""
    if board is None or not board.document_prefix:
        return ""
    year = year or timezone.localdate().year
    last = DocumentSequence.objects.filter(prefix_key=prefix_key(board.document_prefix), year=year).values_list("last_number", flat=True).first()
    return f"{board.document_prefix}〔{year}〕{(last or 0) + 1}号"


def number_to_come(notice: Any) -> str:
    """The number that a draft would get: of the year in which it would be published. Empty for what is no document, or has its number."""
    if notice.kind != Notice.Kind.DOCUMENT or notice.document_number is not None:
        return ""
    return next_number(notice.board, year=timezone.localtime(notice.begins_at).year)
