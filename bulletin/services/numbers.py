"""Document numbers: in sequence for each department and year, without gaps or doubles."""

from bulletin.models import DocumentSequence
from portal.organization.models import Department


def issue_number(department: Department, year: int) -> int:
    """The next number. The row stays locked until the caller's transaction ends: what is rolled back leaves no gap, and nobody gets it twice."""
    DocumentSequence.objects.get_or_create(department=department, year=year)
    sequence = DocumentSequence.objects.select_for_update().get(department=department, year=year)
    sequence.last_number += 1
    sequence.save(update_fields=["last_number"])
    return sequence.last_number
