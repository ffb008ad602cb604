"""Who has written a diary of a day and who has not, of those below a head."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.activities.models import Diary
from crm.activities.policies import departments_below
from crm.customers.models import PortfolioHolding
from portal.accounts.models import User
from portal.organization.models import Absence, Employment


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody of whom a diary is expected; `away` says why there is none."""

    person: User
    department: str
    diary: Diary | None
    away: str


def writers_below(user: Any, day: date) -> list[Writer]:
    """Whoever held a portfolio on that day in a department that this person heads, or below it. Some six statements."""
    posts = Employment.objects.on(day).filter(department__in=departments_below(user)).exclude(person=user.pk)
    holders = PortfolioHolding.objects.on(day).values("person")
    written = {row.person_id: row for row in Diary.objects.filter(day=day, person__in=posts.values("person"))}
    away = {row.person_id: str(row.get_kind_display()) for row in Absence.objects.on(day).filter(person__in=posts.values("person"))}
    rows = posts.filter(person__in=holders).select_related("person", "department").order_by("department__path", "person__name", "-is_primary")
    found = {row.person_id: row for row in reversed(rows)}
    return [Writer(one.person, one.department.label, written.get(pk), away.get(pk, "")) for pk, one in reversed(found.items())]
