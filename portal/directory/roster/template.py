"""The roster as a file to fill in: the columns that an import knows, with everyone who works here now or soon."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from portal.directory.roster.present import PersonNow, Present
from portal.directory.roster.tree import Tree

COLUMNS = (
    "employee_number", "name", "name_en", "department_code", "department", "position", "starts_on", "ends_on", "mobile", "phone", "email", "room",
)  # fmt: skip
WIDTHS = (12, 12, 18, 14, 28, 16, 12, 12, 15, 12, 30, 18)


def template_rows(present: Present) -> Iterator[list[Any]]:
    """One row for each person with a primary post, by department. Imported again, they change nothing."""
    tree = Tree(present)
    named = Counter(position.name for position in present.positions.values())
    order = {department_id: place for place, department_id in enumerate(present.departments)}
    employed = [
        (person, person.current or person.planned[0]) for person in present.people.values() if person.is_employee and (person.current or person.planned)
    ]
    for person, post in sorted(employed, key=lambda pair: (order[pair[1].department_id], pair[0].employee_number)):
        department, position = present.departments[post.department_id], present.positions[post.position_id]
        values: dict[str, Any] = _person_values(person) | {
            "department_code": department.code,
            "department": tree.path_of(department.id),
            "position": position.name if named[position.name] == 1 else position.code,
            "starts_on": post.starts_on,
            "ends_on": post.ends_on,
        }
        yield [values[code] for code in COLUMNS]


def _person_values(person: PersonNow) -> dict[str, Any]:
    return {"employee_number": person.employee_number} | person.values
