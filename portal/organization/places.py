"""Where a department or a person belongs, in words that tell several of one name apart, and how they are found by such words.

One way for everything that lets somebody choose: the audience picker, fields, filters, chips, imports. 甲班 is 卷包车间 甲班 wherever it is chosen,
and is found as 卷包车间甲班, 卷包 甲班, 甲班, juanbaojiaban, jbcjjb and by its code.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.querysets import UserQuerySet, fits_word
from portal.foundation.kept import Kept
from portal.foundation.language import is_chinese
from portal.foundation.names import name_sort_key
from portal.organization.models import Department, Employment, Position
from portal.organization.querysets import today

SMALL_KINDS = frozenset({Department.Kind.SHIFT, Department.Kind.SECTION})
COLUMNS = ("pk", "path", "kind", "code", "name", "name_en", "name_pinyin", "closed_on")
BETWEEN = str.maketrans("", "", " \u3000/\\>-—·.,，、|（）()")
LONGEST_ASKED = 40
MOST_PLACES = 20
SHORTEST_SPELLED = 2


def place_words(above: str, own: str) -> str:
    """The name with the one above where it says little by itself: 卷包车间 甲班, but Leaf Purchasing, which names it already."""
    return own if not above or above in own else f"{above} {own}"


def folded(text: str) -> str:
    """As names are compared: half width, lower case, without spaces and what stands between the parts of a place."""
    return unicodedata.normalize("NFKC", text).lower().translate(BETWEEN)


@dataclass(frozen=True, slots=True)
class Place:
    """A department with what it is found by: `names` are folded, `starts` are the beginnings of its pinyin and initials, each behind a bar."""

    pk: int
    path: str
    kind: str
    code: str
    label: str
    is_closed: bool
    names: tuple[str, ...]
    starts: str

    @property
    def ancestor_ids(self) -> list[int]:
        return [int(part) for part in self.path.split("/") if part][:-1]

    def fit(self, words: str) -> int | None:
        """How well folded words fit the name alone, 0 best; None where they do not."""
        if words in self.names or words == self.code:
            return 0
        if words.isascii() and len(words) < SHORTEST_SPELLED:
            return None
        if any(name.startswith(words) for name in self.names):
            return 1
        if any(words in name for name in self.names):
            return 2
        if words.isascii() and (f"|{words}" in self.starts or self.code.startswith(words)):
            return 3
        return None


class Places:
    """All departments of the plant as they are today, read by one statement."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """`rows` are of COLUMNS."""
        own_name, day = is_chinese(), today()
        self.all = {
            pk: Place(
                pk, path, kind, folded(code), name if own_name else name_en or name, _is_over(closed_on, day),
                tuple({folded(name), *([folded(name_en)] if name_en else [])}), _starts(pinyin.split()),
            )
            for pk, path, kind, code, name, name_en, pinyin, closed_on in rows
        }  # fmt: skip

    @cached_property
    def labels(self) -> dict[int, str]:
        """Each by its name, with as much of what is above as tells it from the other open ones; the plant itself is not said."""
        steps = {pk: 1 if self._says_enough(place) else 2 for pk, place in self.all.items()}
        while True:
            labels = {pk: self._words(place, steps[pk]) for pk, place in self.all.items()}
            same: dict[str, list[int]] = defaultdict(list)
            for pk, label in labels.items():
                if not self.all[pk].is_closed:
                    same[label].append(pk)
            doubled = [pk for several in same.values() if len(several) > 1 for pk in several if steps[pk] < len(self._above(self.all[pk])) + 1]
            if not doubled:
                return labels
            for pk in doubled:
                steps[pk] += 1

    def label(self, pk: int) -> str:
        """As it is read where something is chosen; one that is closed says so. Empty for what there is not."""
        place = self.all.get(pk)
        if place is None:
            return ""
        return _("%(department)s (closed)") % {"department": self.labels[pk]} if place.is_closed else self.labels[pk]

    def find(self, text: str) -> list[Place]:
        """Open departments that are named so, the best first: alone, joined with those above or apart from them, in Chinese, English or pinyin."""
        words = folded(text)[:LONGEST_ASKED]
        if not words:
            return []
        parts = [part for part in (folded(part) for part in text.split()[:6]) if part]
        found = []
        for place in self.all.values():
            if not place.is_closed and (rank := self._rank(place, words, parts)) is not None:
                found.append((rank, place.path.count("/"), place.path, place))
        return [place for *_order, place in sorted(found, key=lambda row: row[:3])]

    def _rank(self, place: Place, words: str, parts: list[str]) -> int | None:
        own = place.fit(words)
        if own is not None:
            return own if own == 0 else own + 1
        above = self._above(place)
        if len(parts) > 1 and place.fit(parts[-1]) is not None and all(any(one.fit(part) is not None for one in (*above, place)) for part in parts):
            return 1
        for end in range(1, len(words)):
            if place.fit(words[end:]) is not None and self._leads_to(words[:end], above):
                return 1
        return None

    def _leads_to(self, words: str, above: list[Place]) -> bool:
        """Whether words name what is above, from the top down: 生产部卷包车间, or 卷包车间 alone."""
        for number, place in enumerate(above):
            if place.fit(words) is not None:
                return True
            for end in range(1, len(words)):
                if place.fit(words[end:]) in (0, 1) and self._leads_to(words[:end], above[number + 1 :]):
                    return True
        return False

    def _above(self, place: Place) -> list[Place]:
        """Those above, the nearest first, without the plant."""
        return [self.all[pk] for pk in reversed(place.ancestor_ids) if pk in self.all and self.all[pk].ancestor_ids]

    def _words(self, place: Place, steps: int) -> str:
        words = place.label
        for above in self._above(place)[: steps - 1]:
            words = place_words(above.label, words)
        return words

    def _says_enough(self, place: Place) -> bool:
        return place.kind not in SMALL_KINDS


def read_places() -> Places:
    """As they are now. Nobody changes what all share."""
    return _places.get()


def _read_places() -> Places:
    return Places(Department.objects.order_by("path").values_list(*COLUMNS))


_places = Kept(_read_places, "organization_department department", "department", key=lambda: (is_chinese(), today()))


def open_departments() -> list[Department]:
    """All open departments in the order of the tree, each with its `place`, by one statement."""
    rows = list(Department.objects.order_by("path"))
    places = Places([tuple(getattr(row, name) for name in COLUMNS) for row in rows])
    for row in rows:
        row.place = places.label(row.pk)
    return [row for row in rows if not places.all[row.pk].is_closed]


def open_places() -> list[tuple[str, str]]:
    """The key and the words of every open department in the order of the tree, as lists to choose from have them. Nobody changes what all share."""
    return _open_places.get()


def _read_open_places() -> list[tuple[str, str]]:
    places = read_places()
    return [(str(place.pk), places.label(place.pk)) for place in places.all.values() if not place.is_closed]


_open_places = Kept(_read_open_places, "organization_department department", "department", key=lambda: (is_chinese(), today()))


def placed(departments: Iterable[Department]) -> list[Department]:
    """Departments in their order, each with its `place`."""
    rows = list(departments)
    places = read_places() if rows else None
    for department in rows:
        department.place = places.label(department.pk) if places is not None else ""
    return rows


def position_labels(positions: Iterable[Position]) -> dict[int, str]:
    """Positions by their names; of several of one name each says its code."""
    rows = list(positions)
    same: dict[str, int] = defaultdict(int)
    for position in rows:
        same[folded(position.label)] += 1
    return {row.pk: f"{row.label} ({row.code})" if same[folded(row.label)] > 1 else row.label for row in rows}


def find_positions(text: str) -> list[Position]:
    """Positions that are named so, in Chinese, English, pinyin or by the code."""
    words = folded(text)
    found = []
    for position in Position.objects.all():
        names = tuple({folded(position.name), folded(position.name_en)} - {""})
        like = Place(position.pk, "", "", folded(position.code), position.label, False, names, _starts(name_sort_key(position.name).split()))
        if words and (rank := like.fit(words)) is not None:
            found.append((rank, position.order, position.pk, position))
    return [position for *_order, position in sorted(found, key=lambda row: row[:3])]


def find_people(text: str, *, among: UserQuerySet, most: int, places: Places | None = None) -> list[User]:
    """People by name, pinyin or number; where none fits so, by these together with where they work, typed apart or joined: 甲班 张强, 卷包车间甲班张强."""
    found = list(among.matching(text)[:most])
    if found or not text.strip():
        return found
    places = places or read_places()
    parts = text.split()
    if len(parts) > 1:
        rows = among
        for part in parts[:6]:
            rows = rows.filter(fits_word(part) | _works_in(places.find(part)))
        return list(rows.distinct()[:most])
    words = folded(text)[:LONGEST_ASKED]
    for end in reversed(range(1, len(words))):
        if (named := places.find(words[:end])) and (found := list(among.matching(words[end:]).filter(_works_in(named)).distinct()[:most])):
            return found
    return []


def posts_of(people: Collection[User | int], places: Places | None = None) -> dict[int, str]:
    """Where people work today, by their ids."""
    ids = [person if isinstance(person, int) else person.pk for person in people]
    if not ids:
        return {}
    held = list(Employment.objects.current().filter(person__in=ids).order_by("is_primary", "-pk").values_list("person", "department"))
    places = places or (read_places() if held else None)
    return {person: places.label(department) for person, department in held} if places is not None else {}


def person_label(person: User, posts: Mapping[int, str]) -> str:
    """王伟 (质检科 10003)."""
    return f"{person.name} ({' '.join(part for part in (posts.get(person.pk, ''), person.employee_number) if part)})"


def _is_over(closed_on: date | None, day: date) -> bool:
    return closed_on is not None and closed_on <= day


def _works_in(places: list[Place]) -> Q:
    if not places:
        return Q(pk__in=[])
    below = models.Q()
    for place in places[:MOST_PLACES]:
        below |= Q(department__path__startswith=place.path)
    return Q(pk__in=Employment.objects.current().filter(below).values("person"))


def _starts(syllables: list[str]) -> str:
    return "".join(f"|{start}" for start in _spelled(syllables))


def _spelled(syllables: list[str]) -> Iterator[str]:
    """Every beginning of the pinyin and of the initials, as folded words."""
    plain = [folded(one) for one in syllables]
    for start in range(len(plain)):
        yield "".join(plain[start:])
    initials = "".join(one[0] for one in plain if one)
    for start in range(len(initials) - 1):
        yield initials[start:]
