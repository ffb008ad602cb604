"""Which department a roster means: by code, by path or by name, whether it exists, is told of further down, or is new."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from portal.directory.roster.present import DepartmentNow, Present
from portal.foundation.nearness import near_names
from portal.imports.lines import Line
from portal.imports.meanings import Meanings
from portal.imports.values import fold
from portal.organization.models import Department
from portal.organization.places import folded

Key = int | str
ROOT = "root"
DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class NewDepartment:
    """A department that the roster names and the plant does not have. Its key is its path; `parent` is an id or another's key."""

    key: str
    name: str
    parent: Key | None
    code: str
    kind: str


class UnknownPlaceError(Exception):
    """The roster's words for a department make none; the text is a sentence."""


@dataclass
class Tree:
    """Resolves what the lines say. `new` grows as it is asked, parents before those below."""

    present: Present
    meanings: Meanings = field(default_factory=Meanings)
    new: dict[str, NewDepartment] = field(default_factory=dict)
    _declared: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _codes: dict[str, DepartmentNow] = field(default_factory=dict)
    _names: dict[str, list[DepartmentNow]] = field(default_factory=lambda: defaultdict(list))
    _below: dict[tuple[Key | None, str], Key] = field(default_factory=dict)
    _new_codes: dict[str, str] = field(default_factory=dict)
    _code_of: dict[str, str] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)
    _joined: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for department in self.present.departments.values():
            self._codes[fold(department.code)] = department
            if department.is_closed:
                continue
            for name in sorted({fold(department.name), fold(department.name_en)} - {""}):
                self._names[name].append(department)
                self._below[department.parent_id, name] = department.id
            for words in self._ways(department):
                self._joined[words].append(department.id)

    @cached_property
    def labels(self) -> dict[int, str]:
        """The open departments by their paths."""
        return {department.id: self.path_of(department.id) for department in self.present.departments.values() if not department.is_closed}

    @property
    def root_id(self) -> int | None:
        return next((department.id for department in self.present.departments.values() if department.parent_id is None), None)

    def declare(self, lines: Iterable[Line]) -> None:
        """Learn which department stands under which, from all lines, so that their order does not matter."""
        for line in lines:
            place, parent, code = (line.values.get(name) for name in ("department", "parent_department", "department_code"))
            if place and parent:
                self._declared[place.rpartition("/")[2]].add(parent)
            elif place and "/" in place:
                above, _slash, name = place.rpartition("/")
                self._declared[name].add(above)
                while "/" in above:
                    above, _slash, name = above.rpartition("/")
                    self._declared[name].add(above)
            self._said |= {fold(name) for name in (place, parent) if name}
            if place and code:
                self._code_of.setdefault(place, code)

    def resolve(self, line: Line) -> Key:
        """The id of the department that a line means, or the key of a new one. Raises UnknownPlaceError."""
        place, parent, code = (line.values.get(name) for name in ("department", "parent_department", "department_code"))
        if code and fold(code) in self._codes:
            return self._open(self._codes[fold(code)])
        if not place:
            if code:
                raise UnknownPlaceError(_("No department has the code %(code)s, and the line gives it no name.") % {"code": code})
            raise UnknownPlaceError(_("The department is missing."))
        if code and self._new_codes.get(code, place) != place:
            raise UnknownPlaceError(_("The code %(code)s is given to two departments.") % {"code": code})
        if code:
            self._new_codes[code] = place
        if parent and "/" not in place:
            return self._child(self._place(parent, (place,)), place, (place,))
        return self._place(place, ())

    def _place(self, text: str, chain: tuple[str, ...]) -> Key:
        """`chain` holds the names that led here, from below; coming back to one of them is a cycle."""
        if fold(text) in self._codes:
            return self._open(self._codes[fold(text)])
        meant = self.meanings.known(DEPARTMENT, text, self.labels)
        if meant is not None:
            return meant
        if "/" in text:
            return self._path(text.split("/"), chain)
        found = self._names.get(fold(text), [])
        if len(found) == 1:
            return found[0].id
        if text in chain:
            self._refuse_cycle(chain[chain.index(text) :], text)
        if not found and (key := self._written_as_shown(text, chain)) is not None:
            return key
        declared = self._declared.get(text, set())
        if len(declared) == 1 and not found:
            return self._child(self._place(next(iter(declared)), (*chain, text)), text, (*chain, text))
        if found or declared:
            self._ask_which(text, [one.id for one in found])
            where = _(", ").join(sorted({self.path_of(one.id) for one in found} | {f"{above}/{text}" for above in declared}))
            raise UnknownPlaceError(_("“%(name)s” could be any of these: %(places)s.") % {"name": text, "places": where})
        return self._child(self._root(), text, chain)

    def _path(self, parts: list[str], chain: tuple[str, ...]) -> Key:
        ends = [one.id for one in self._names.get(fold(parts[-1]), []) if self._ends_with(one, parts)]
        if len(ends) == 1:
            return ends[0]
        if len(ends) > 1:
            self._ask_which("/".join(parts), ends)
            where = _(", ").join(self.path_of(one) for one in ends)
            raise UnknownPlaceError(_("“%(name)s” could be any of these: %(places)s.") % {"name": "/".join(parts), "places": where})
        if len(set(parts)) < len(parts):
            self._refuse_cycle(tuple(parts), parts[0])
        for part in parts[:-1]:
            if part in chain:
                self._refuse_cycle(chain[chain.index(part) :], part)
        above = self._place("/".join(parts[:-1]), (*chain, parts[-1]))
        return self._child(above, parts[-1], (*chain, parts[-1]))

    def _child(self, above: Key, name: str, chain: tuple[str, ...]) -> Key:
        known = self._below.get((above, fold(name)))
        if known is not None:
            return known
        if above == self.root_id and fold(name) == fold(self._label(above)):
            return above
        names_above = self.path_of(above).split("/")
        if name in names_above:
            self._refuse_cycle(tuple(names_above[names_above.index(name) :]), name)
        known = self._child_with_its_place(above, name)
        if known is None:
            said = name if above == self.root_id or above == ROOT else f"{self.path_of(above)}/{name}"
            known = self.meanings.known(DEPARTMENT, said, self.labels)
            if known is None:
                self.meanings.ask(DEPARTMENT, said, [(pk, self.labels[pk]) for pk in near_names(name, self._comparable(above))])
        if known is not None:
            self._below[above, fold(name)] = known
            return known
        key = f"{above}/{name}"
        self.new[key] = NewDepartment(key, name, above, self._code_of.get(name, ""), kind_of(name))
        self._below[above, fold(name)] = key
        return key

    def _ways(self, department: DepartmentNow) -> set[str]:
        """A department written with those above it, without anything between: 卷包车间甲班, as it is shown in the portal with a space."""
        ways, current = set(), self.present.departments.get(department.parent_id) if department.parent_id else None
        words = [folded(department.name), folded(department.name_en or department.name)]
        while current is not None:
            words = [folded(current.name) + words[0], folded(current.name_en or current.name) + words[1]]
            ways |= set(words)
            current = self.present.departments.get(current.parent_id) if current.parent_id else None
        return ways

    def _written_as_shown(self, text: str, chain: tuple[str, ...]) -> Key | None:
        """What a text means that names the department together with those above it; None where it does not."""
        ids = self._joined.get(folded(text), [])
        if len(ids) == 1:
            return ids[0]
        if ids:
            self._ask_which(text, ids)
            where = _(", ").join(self.path_of(one) for one in ids)
            raise UnknownPlaceError(_("“%(name)s” could be any of these: %(places)s.") % {"name": text, "places": where})
        above, _space, name = text.rpartition(" ")
        if not above or not _has_han(above) or not _has_han(name):
            return None
        is_known = fold(above) in self._names or fold(above) in self._said or folded(above) in self._joined
        return self._child(self._place(above, (*chain, text)), name, (*chain, text)) if is_known else None

    def _child_with_its_place(self, above: Key, name: str) -> int | None:
        """A department below that is written with those above it: 甲班 below 卷包车间, as 卷包车间 甲班."""
        return next((pk for pk in self._joined.get(folded(name), []) if self.present.departments[pk].parent_id == above), None)

    def _comparable(self, above: Key) -> dict[int, list[str]]:
        """What a new department may have been meant to be: one beside it; where nothing is said of what is above, any."""
        if not isinstance(above, int):
            return {}
        anywhere = above == self.root_id
        return {
            pk: [(one := self.present.departments[pk]).name, one.name_en, *([self.labels[pk].replace("/", "")] if anywhere else [])]
            for pk in self.labels
            if pk != self.root_id and (anywhere or self.present.departments[pk].parent_id == above)
        }

    def _ask_which(self, text: str, ids: list[int]) -> None:
        self.meanings.ask(DEPARTMENT, text, [(pk, self.labels[pk]) for pk in ids], is_ambiguous=True)

    def _root(self) -> Key:
        root = self.root_id
        if root is not None:
            return root
        if ROOT not in self.new:
            self.new[ROOT] = NewDepartment(ROOT, self.present.plant_name, None, "", Department.Kind.PLANT)
        return ROOT

    def _ends_with(self, department: DepartmentNow, parts: list[str]) -> bool:
        current: DepartmentNow | None = department
        for part in reversed(parts):
            if current is None or fold(part) not in (fold(current.name), fold(current.name_en)):
                return False
            current = self.present.departments.get(current.parent_id) if current.parent_id else None
        return True

    def _open(self, department: DepartmentNow) -> int:
        if department.is_closed:
            raise UnknownPlaceError(_("“%(department)s” is closed.") % {"department": department.name})
        return department.id

    def _refuse_cycle(self, chain: tuple[str, ...], name: str) -> None:
        raise UnknownPlaceError(_("These departments stand under each other in a circle: %(chain)s.") % {"chain": " → ".join((*chain, name))})

    def _label(self, key: Key) -> str:
        return self.new[key].name if isinstance(key, str) else self.present.departments[key].name

    def path_of(self, key: Key | None) -> str:
        """The names from below the plant itself down to a department, with slashes; the plant's own name for the plant."""
        names: list[str] = []
        current = key
        while current is not None:
            names.insert(0, self._label(current))
            current = self.new[current].parent if isinstance(current, str) else self.present.departments[current].parent_id
        return "/".join(names[1:] or names)


def paths_of(departments: Sequence[NewDepartment], labels: Mapping[int, str]) -> list[str]:
    """New departments by the names above them, below what exists by its label; what stands in the plant itself by its own."""
    by_key = {new.key: new for new in departments}
    paths = []
    for department in departments:
        names, above = [department.name], department.parent
        while isinstance(above, str) and above in by_key:
            names.insert(0, by_key[above].name)
            above = by_key[above].parent
        paths.append("/".join([*([labels[above]] if isinstance(above, int) and above in labels else []), *names]))
    return paths


def _has_han(text: str) -> bool:
    return any("\u3400" <= sign <= "\u9fff" for sign in text)


def kind_of(name: str) -> str:
    """What a department is, by how its name ends."""
    kinds = {
        "车间": Department.Kind.WORKSHOP,
        "班": Department.Kind.SHIFT,
        "组": Department.Kind.SECTION,
        "段": Department.Kind.SECTION,
        "库": Department.Kind.SECTION,
    }
    return next((kind for ending, kind in kinds.items() if name.endswith(ending)), Department.Kind.DEPARTMENT)
