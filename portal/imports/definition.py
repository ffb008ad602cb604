"""What a module declares to have its things brought in from a file."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.imports.columns import ColumnSet, ImportColumn
from portal.imports.lines import Line
from portal.imports.meanings import Answer
from portal.imports.plan import Kind, Plan

Words = str | Promise
Progress = Callable[[int, int], None]
P = TypeVar("P", bound=Plan[Any])


@dataclass(frozen=True, slots=True)
class LineKind:
    """What may become of a line: its word, and the tone of its mark (urgent, due, notice, or none)."""

    code: str
    label: Words
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ImportOption:
    """Something that is said of the whole file with a tick, such as that it names everyone. `short` is how the import says it afterwards."""

    code: str
    label: Words
    short: Words


@dataclass(frozen=True, slots=True)
class NameKind:
    """What names of a file may mean: `known` are all there are, `find` what somebody typed (ids with labels), `exists` asks whether an id is there still."""

    code: str
    noun: Words
    known: Callable[[], Iterable[str]]
    find: Callable[[str], Sequence[tuple[int, str]]]
    exists: Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Job:
    """What a plan depends on beside the lines and what the portal holds: the day, who imports, what was ticked, what names mean."""

    day: date
    actor: Any
    options: Mapping[str, bool] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)


USUAL_KINDS = (
    LineKind(Kind.NEW, pgettext_lazy("line of a file", "new"), "notice"),
    LineKind(Kind.CHANGED, _("changed")),
    LineKind(Kind.UNCHANGED, _("unchanged")),
    LineKind(Kind.REFUSED, _("refused"), "urgent"),
)


class Importer(ABC, Generic[P]):
    """A declaration. `plan` is pure: the same lines over the same rows give the same plan, and nothing is written. `apply` runs in one transaction with the
    plan made anew, and writes by services. Whoever holds the `capability` imports, and sees what others imported.
    """

    code: ClassVar[str]
    url_prefix: ClassVar[str]  # "organization:import" has organization:import_list, _create, _detail and so on
    capability: ClassVar[str]
    home: ClassVar[tuple[Words, str] | None] = None  # the page that it leads back to: its name and its address's
    heading: ClassVar[Words]
    subtitle: ClassVar[Words] = _("You see what would change before anything does.")
    upload_heading: ClassVar[Words]
    subject: ClassVar[Words]  # what a line is about: the heading of its column in the preview
    hint: ClassVar[Words] = _("Title rows, blank lines, full-width digits and dates in any style are understood. A blank cell changes nothing.")
    template_label: ClassVar[Words]
    nothing_to_do: ClassVar[Words] = _("There is nothing to do: everything is as the file says.")
    columns: ClassVar[ColumnSet]
    template_columns: ClassVar[tuple[str, ...]] = ()  # all, where nothing is said
    template_widths: ClassVar[tuple[int, ...]] = ()
    options: ClassVar[tuple[ImportOption, ...]] = ()
    names: ClassVar[tuple[NameKind, ...]] = ()
    kinds: ClassVar[tuple[LineKind, ...]] = USUAL_KINDS
    counted: ClassVar[tuple[str, ...]] = (Kind.NEW, Kind.CHANGED, Kind.REFUSED)  # in the table of imports so far
    plan_class: ClassVar[type[Plan[Any]]] = Plan
    list_template: ClassVar[str] = "imports/list.html"

    @abstractmethod
    def plan(self, lines: Sequence[Line], job: Job) -> P:
        """What these lines would do, over all of them at once."""

    @abstractmethod
    def apply(self, plan: P, *, actor: Any, on_progress: Progress) -> None:
        """Do it, or raise: then nothing is done."""

    @abstractmethod
    def template_rows(self) -> Iterator[Sequence[Any]]:
        """What there is now, in `template_columns`, as a file to change; imported again it changes nothing."""

    def announces(self, plan: P) -> Sequence[tuple[Words, Sequence[str]]]:
        """What is made beside the lines, under headings, for the preview."""
        return ()

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        """What a `list_template` of one's own needs."""
        return {}

    @property
    def filled(self) -> list[ImportColumn]:
        """The columns of the template."""
        return [self.columns.by_code[code] for code in self.template_columns or self.columns.by_code]

    def name_kind(self, code: str) -> NameKind | None:
        return next((kind for kind in self.names if kind.code == code), None)


_importers: dict[str, Importer[Any]] = {}

Declared = TypeVar("Declared", bound=type[Importer[Any]])


def register_importer(importer: Declared) -> Declared:
    """A class decorator. Refuses two of one code."""
    if importer.code in _importers:
        raise ValueError(f"two imports {importer.code!r}")
    _importers[importer.code] = importer()
    return importer


def importer_of(code: str) -> Importer[Any]:
    """LookupError for a module that is no longer there."""
    if code not in _importers:
        raise LookupError(f"no import {code!r}")
    return _importers[code]


def all_importers() -> list[Importer[Any]]:
    return list(_importers.values())
