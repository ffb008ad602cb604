"""What is to be found: modules register their things here, each in its `search.py`."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.access.policies import Words, policy_for, visible_to
from portal.access.readers import NOBODY, TakingPart
from portal.access.rules import AudienceRule
from portal.attachments.models import Attachment, StoredFile
from portal.attachments.office import shows_what_was_read
from portal.attachments.queries import shown_on_each, text_of
from portal.search.contents import without_wraps

Group = Literal["people", "pages", "files"]
FILE = "file"


@dataclass(slots=True)
class Draft:
    """One entry of a thing, as it reads. `text` comes in pages: (the page's number or None, its text).

    Whoever is in the audience (`rule`) or takes part finds it. `part` is empty for the thing itself, else the address of a file that hangs on it.
    `names` are also found by pinyin and initials; by a word of `called` (a position) as a whole, and by the `number`, which tells it from others of its title.
    `place` is where the thing stands (a board), for whoever looks there alone.
    """

    kind: str
    title: str
    url: str
    rule: AudienceRule | None
    text: Sequence[tuple[int | None, str]] = ()
    names: tuple[str, ...] = ()
    part: str = ""
    ends_at: datetime | None = None
    department_id: int | None = None
    author_id: int | None = None
    file_type: str = ""
    place: str = ""
    dated_at: datetime | None = None
    taking_part: TakingPart = NOBODY
    number: str = ""
    called: tuple[str, ...] = ()

    @property
    def include(self) -> list[str]:
        return list(self.rule.include) if self.rule else []

    @property
    def exclude(self) -> list[str]:
        return list(self.rule.exclude) if self.rule else []

    @property
    def level(self) -> int:
        return self.rule.level if self.rule else 0

    @property
    def readers(self) -> list[str]:
        return list(self.taking_part.tokens)

    @property
    def readers_level(self) -> int:
        return self.taking_part.level


Drafts = Iterator[tuple[int, Draft]]


@dataclass(frozen=True, slots=True)
class Source:
    """Things of one model. `rows` are those that are to be found by someone, `drafts(rows)` their entries with the ids of the things.

    Whether a person may see a thing is asked of its policy once more before it is shown. `is_for_all`: everyone who works here sees all of them,
    so that an entry may be shown as it was until it has been made anew.
    """

    code: str
    model: type[models.Model]
    rows: Callable[[], models.QuerySet[Any]]
    drafts: Callable[[models.QuerySet[Any]], Drafts]
    is_for_all: bool = False

    def permitted(self, user: Any, ids: Iterable[int]) -> set[int]:
        return set(visible_to(self.model, user, self.rows().order_by()).filter(pk__in=list(ids)).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a person calls it, alone and in the plural, and among what it is listed while one types."""

    code: str
    label: Words
    plural: Words
    icon: str
    group: Group = "pages"
    order: int = 100


_sources: dict[str, Source] = {}
_kinds: dict[str, Kind] = {}


def register_source(source: Source) -> None:
    if source.code in _sources:
        raise ValueError(f"two sources {source.code!r}")
    _sources[source.code] = source


def register_kind(kind: Kind) -> None:
    if kind.code in _kinds:
        raise ValueError(f"two kinds {kind.code!r}")
    _kinds[kind.code] = kind


register_kind(Kind(FILE, _("file"), _("Files"), "paperclip", group="files", order=90))


def all_sources() -> list[Source]:
    return [_sources[code] for code in sorted(_sources)]


def source_for(code: str) -> Source | None:
    return _sources.get(code)


def source_of(model: type[models.Model]) -> Source | None:
    """The source that a model's things come from; None for what is not searched."""
    return next((source for source in _sources.values() if source.model is model), None)


def all_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.code))


def kind_for(code: str) -> Kind | None:
    return _kinds.get(code)


def taking_part_in(thing: models.Model) -> TakingPart:
    """Who takes part in a thing, as its policy says."""
    return policy_for(type(thing)).taking_part(thing)


def with_files(
    drafts: Iterable[tuple[models.Model, Draft]],
    *,
    only: Mapping[int, Collection[UUID]] = MappingProxyType({}),
    holder: Callable[[Any], models.Model | None] = lambda thing: thing,
) -> Drafts:
    """Each thing's own entry and one for each file that its readers see, with the rights and the department of the thing.

    Of a thing that `only` names by its key, these of its files alone, for what is found of it is not for all who see it. `holder` gives what the files of
    a thing hang on where that is not the thing itself, or None where they are not to be found by it.
    """
    things = [(thing, draft, holder(thing)) for thing, draft in drafts]
    hanging = shown_on_each([held for _thing, _draft, held in things if held is not None])
    for thing, draft, held in things:
        yield int(thing.pk), draft
        for attachment in hanging.get(int(held.pk), ()) if held is not None else ():
            if thing.pk in only and attachment.pk not in only[thing.pk]:
                continue
            yield int(thing.pk), _file_draft(attachment, draft)


def _file_draft(attachment: Attachment, about: Draft) -> Draft:
    file = attachment.file
    has_text = file.is_open and file.text_state == StoredFile.Text.DONE
    return replace(
        about,
        kind=FILE,
        part=str(attachment.pk),
        title=attachment.name,
        names=(),
        url=reverse("attachments:preview", args=[attachment.pk]),
        text=[(page.number if shows_what_was_read(file) else None, without_wraps(page.text)) for page in text_of(file)] if has_text else (),
        file_type=file.kind,
    )
