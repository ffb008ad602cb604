"""Finding people, and their rows in lists. Lists are asked for most of all pages, and building a statement anew costs more than asking it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from portal.directory.photos import photo_url
from portal.foundation.language import is_chinese
from portal.foundation.matching import literal
from portal.organization.models import Absence, Department
from portal.organization.places import SMALL_KINDS, place_words, read_places
from portal.organization.querysets import today

MOST_WORDS = 6
MOST_DEPARTMENTS = 12
SHORTEST_PHONE = 3
SHORTEST_JOINED, SHORTEST_SPELLED = 4, 10  # 卷包甲班, juanbaojiaban: a place that is typed together with what is above

HELD = "starts_on <= %(day)s AND (ends_on IS NULL OR ends_on >= %(day)s)"
ROWS = f"""
    SELECT person.id, person.name, person.employee_number, card.phone, card.mobile, card.room, card.photo,
        department.id, department.kind, department.name, department.name_en, above.name, above.name_en, post.name, post.name_en,
        (SELECT kind FROM organization_absence WHERE person_id = person.id AND {HELD} ORDER BY starts_on DESC, id DESC LIMIT 1),
        asked.total
    FROM ({{people}}) AS asked (id, place, total)
    JOIN accounts_user person ON person.id = asked.id
    LEFT JOIN organization_profile card ON card.person_id = person.id
    LEFT JOIN LATERAL (
        SELECT department_id, position_id FROM organization_employment WHERE person_id = person.id AND {HELD} ORDER BY is_primary DESC, id LIMIT 1
    ) held ON true
    LEFT JOIN organization_department department ON department.id = held.department_id
    LEFT JOIN organization_department above ON above.id = department.parent_id
    LEFT JOIN organization_position post ON post.id = held.position_id
    ORDER BY asked.place
"""  # noqa: S608  # only constants are put in, here and below; what is asked for is always a parameter
THESE = "SELECT id, place, 0 FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS these (id, place)"
FOUND = """
    SELECT id, row_number() OVER (ORDER BY {first} name_pinyin, name, id), {total} FROM accounts_user person
    WHERE kind = 'employee' AND {conditions} ORDER BY {first} name_pinyin, name, id LIMIT {limit:d} OFFSET {offset:d}
"""
DEPARTMENTS = """
    SELECT path FROM organization_department
    WHERE parent_id IS NOT NULL AND (closed_on IS NULL OR closed_on > %s) AND (name ILIKE %s OR name_en ILIKE %s OR name_pinyin ~ %s)
    ORDER BY "order", name_pinyin, id LIMIT %s
"""


@dataclass(slots=True)
class PersonRow:
    """A person as lists show them: the primary post today, the card's phones, and why they are away (empty when they are not)."""

    pk: int
    name: str
    number: str
    phone: str = ""
    mobile: str = ""
    room: str = ""
    department_id: int | None = None
    place: str = ""
    position: str = ""
    away: str = ""
    photo: str = ""

    @property
    def photo_url(self) -> str | None:
        return photo_url(self.pk, self.photo)


class PeopleFound:
    """People who work here today (or `left`), by pinyin. Each word fits a name, a spelling, the number, a phone or the department.

    A list for `SlidingPaginator`: a slice of it is one statement, which sets `total` as well where anything was asked for;
    counting everyone would cost more than a page of them.
    """

    def __init__(self, words: str = "", *, department: Department | None = None, heads_only: bool = False, left: bool = False) -> None:
        self._is_everyone = not (words or department or heads_only or left)
        self._parameters: dict[str, Any] = {"day": today()}
        held = f"FROM organization_employment WHERE person_id = person.id AND {HELD}"
        if department is not None:
            held += " AND department_id IN (SELECT id FROM organization_department WHERE path LIKE %(below)s)"
            self._parameters["below"] = f"{department.path}%"
        if heads_only:
            held += " AND position_id IN (SELECT id FROM organization_position WHERE is_head)"
        self._conditions = [f"NOT is_superuser AND NOT EXISTS (SELECT 1 {held})" if left else f"is_active AND EXISTS (SELECT 1 {held})"]
        for number, word in enumerate(words.split()[:MOST_WORDS]):
            self._conditions.append(self._fits(word, f"word{number}"))
        # Who is called so exactly (lm: 李敏) stands before whose name goes on (李美华), and these before those whose department fits.
        self._first = "(name_starts || '|' LIKE %(whole)s) DESC, (name_starts LIKE %(word0)s) DESC," if words.split() else ""
        self._parameters["whole"] = f"%|{literal(words.split(maxsplit=1)[0].lower())}|%" if words.split() else ""
        self.total: int | None = None

    def __getitem__(self, part: slice) -> list[PersonRow]:
        start = part.start or 0
        # Limits are written out: with parameters there, PostgreSQL plans the statement anew each time, which takes twice as long as running it.
        people = FOUND.format(
            first=self._first,
            conditions=" AND ".join(self._conditions),
            total="0" if self._is_everyone else "count(*) OVER ()",
            limit=part.stop - start,
            offset=start,
        )
        rows, total = _rows(people, self._parameters)
        self.total = total if rows and not self._is_everyone else None
        return rows

    def _fits(self, word: str, name: str) -> str:
        """What a word asks, as a condition on `person`; the word itself is always a parameter."""
        self._parameters[name] = f"%|{literal(word.lower())}%"
        fits = [f"name_starts LIKE %({name})s"]
        digits = word.replace("-", "")
        if digits.isdigit() and len(digits) >= SHORTEST_PHONE:
            self._parameters |= {f"{name}mobile": f"%{digits}%", f"{name}phone": f"%{literal(word)}%"}
            phones = f"(mobile LIKE %({name}mobile)s OR phone LIKE %({name}phone)s)"
            fits.append(f"EXISTS (SELECT 1 FROM organization_profile WHERE person_id = person.id AND {phones})")  # noqa: S608
        elif not word.isdigit() and (paths := _departments(word)):
            self._parameters[f"{name}places"] = [f"{path}%" for path in paths]
            below = f"SELECT id FROM organization_department WHERE path LIKE ANY(%({name}places)s)"  # noqa: S608
            fits.append(f"EXISTS (SELECT 1 FROM organization_employment WHERE person_id = person.id AND {HELD} AND department_id IN ({below}))")  # noqa: S608
        return f"({' OR '.join(fits)})"


def rows_of(people: Iterable[int], *, day: date | None = None) -> list[PersonRow]:
    """Rows for people given by their ids, in their order and with their posts on a day, in one statement."""
    ids = list(people)
    return _rows(THESE, {"ids": ids, "day": day or today()})[0] if ids else []


def place_of(kind: str | None, name: str | None, name_en: str | None, above: str | None, above_en: str | None) -> str:
    """Where someone works as lists show it, of the columns of a department and the one above; empty for someone without a post."""
    own_name = is_chinese()
    label = (name if own_name else name_en or name) or ""
    return place_words((above if own_name else above_en or above) or "", label) if kind in SMALL_KINDS else label


def _rows(people: str, parameters: dict[str, Any]) -> tuple[list[PersonRow], int]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format(people=people), parameters)
        found = cursor.fetchall()
    own_name = is_chinese()
    rows = []
    for pk, name, number, phone, mobile, room, photo, department_id, kind, place, place_en, above, above_en, post, post_en, away, _total in found:
        row = PersonRow(pk, name, number, phone or "", mobile or "", room or "", department_id, photo=photo or "")
        row.place = place_of(kind, place, place_en, above, above_en)
        row.position = (post if own_name else post_en or post) or ""
        row.away = str(Absence.Kind(away).label) if away else ""
        rows.append(row)
    return rows, found[0][-1] if found else 0


def _departments(word: str) -> list[str]:
    """The paths of the open departments that a word names, by name or pinyin, or joined with those above; not the plant itself."""
    name = f"%{literal(word)}%"
    is_spelling = word.isascii() and word.isalpha() and len(word) > 2
    spelling = r"(^| )" + " ?".join(word.lower()) if is_spelling else "$^"
    with connection.cursor() as cursor:
        cursor.execute(DEPARTMENTS, [today(), name, name, spelling, MOST_DEPARTMENTS])
        paths = [path for (path,) in cursor.fetchall()]
    if paths or len(word) < (SHORTEST_SPELLED if word.isascii() else SHORTEST_JOINED):
        return paths
    return [place.path for place in read_places().find(word)[:MOST_DEPARTMENTS]]
