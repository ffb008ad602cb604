"""What is released to customers: pages whose audience takes all customers in, while they are shown. The customers' site asks here, of every kind that a module
registers; who is released to what is said in the audience of the page, as for everybody else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.utils import timezone
from django.utils.functional import Promise

from portal.access.visibility import audience_ids_of_customers
from portal.attachments.models import Attachment
from portal.pages.models import AudiencedPage

MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Released:
    """A kind of page that may be released. `brief` names the field that says in brief what it is about."""

    code: str
    label: str | Promise
    model: type[AudiencedPage]
    brief: str = ""

    def rows(self, audiences: Iterable[int] | None = None) -> QuerySet[Any]:
        """What customers read at this moment, the newest first. `audiences`: those of customers, where they are known."""
        lasts = Q(shown_until__isnull=True) | Q(shown_until__gt=timezone.now())
        ids = audience_ids_of_customers() if audiences is None else list(audiences)
        return self.model._default_manager.filter(lasts, is_shown=True, audience__any=ids).order_by("-published_at", "-pk")

    def found(self, words: str, audiences: Iterable[int] | None = None) -> QuerySet[Any]:
        """Those in which each word stands: in the title, in brief, or in the text without its marks."""
        rows = self.rows(audiences).annotate(text=Func(F("body"), Value("<[^>]*>"), Value(""), Value("g"), function="regexp_replace", output_field=TextField()))
        for word in words.split()[:MOST_WORDS]:
            stands = Q(title__icontains=word) | Q(text__icontains=word)
            rows = rows.filter(stands | Q(**{f"{self.brief}__icontains": word}) if self.brief else stands)
        return rows


_kinds: dict[str, Released] = {}


def register_released(kind: Released) -> None:
    if kind.code in _kinds and _kinds[kind.code].model is not kind.model:
        raise ValueError(f"{kind.code} is released already")
    _kinds[kind.code] = kind


def released_kinds() -> list[Released]:
    return [_kinds[code] for code in sorted(_kinds, reverse=True)]


def find_released(key: UUID) -> tuple[Released, Any] | None:
    """The page for which the key stands, where it is released."""
    audiences = audience_ids_of_customers()
    for kind in released_kinds():
        page = kind.rows(audiences).filter(translation_key=key).first()
        if page is not None:
            return kind, page
    return None


def find_released_file(pk: UUID) -> Attachment | None:
    """A file or picture of the text as it is released, not of what stood there before."""
    attachment = Attachment.objects.filter(pk=pk, standing=Attachment.Standing.SHOWN).select_related("file").first()
    kind = next((one for one in released_kinds() if attachment is not None and _type_of(one) == attachment.about_type_id), None)
    if attachment is None or kind is None:
        return None
    page = kind.rows().filter(pk=attachment.about_id).first()
    return attachment if page is not None and pk in {*page.named_files, *page.named_pictures} else None


def released_files(page: Any) -> list[Attachment]:
    """What it comes with, in order, without the pictures in its text."""
    if not page.named_files:
        return []
    kind = ContentType.objects.get_for_model(page)
    rows = Attachment.objects.filter(about_type=kind, about_id=page.pk, standing=Attachment.Standing.SHOWN, pk__in=page.named_files)
    return list(rows.select_related("file"))


def _type_of(kind: Released) -> int:
    return int(ContentType.objects.get_for_model(kind.model).pk)
