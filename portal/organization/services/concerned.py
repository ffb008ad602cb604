"""Whose rights a change touches."""

from django.db.models import Q, QuerySet

from portal.organization.models import Department, Deputyship, Employment, Position
from portal.organization.querysets import today


def people_below(department: Department) -> set[int]:
    """Those who work in the department or below it now or later, and their deputies."""
    return _holders_and_deputies(Employment.objects.filter(department__path__startswith=department.path))


def holders_of(position: Position) -> set[int]:
    """Those who hold the position now or later, and their deputies."""
    return _holders_and_deputies(Employment.objects.filter(position=position))


def deputies_of(employments: QuerySet[Employment]) -> set[int]:
    return set(Deputyship.objects.filter(employment__in=employments).values_list("deputy_id", flat=True))


def _holders_and_deputies(employments: QuerySet[Employment]) -> set[int]:
    lasting = employments.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today()))
    return set(lasting.values_list("person_id", flat=True)) | deputies_of(lasting)
