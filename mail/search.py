"""What people find again of their own mail: an entry for each mailbox that has it, which says nothing of any other recipient."""

from collections.abc import Iterator

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mail.models import Message, Placement
from mail.words import subject_of
from portal.attachments.registry import follow_texts
from portal.foundation.rich_text import to_text
from portal.search.services import touch
from portal.search.sources import Draft, Kind, Source, register_kind, register_source, taking_part_in, with_files


def _placements() -> QuerySet[Placement]:
    """What was not opened is not found: a passage of it would be read without anybody knowing."""
    return Placement.objects.told().select_related("message__sender", "message__foreign", "mailbox")


def _drafts(placements: QuerySet[Placement]) -> Iterator[tuple[int, Draft]]:
    return with_files(_own(placements), holder=_with_its_files)


def _with_its_files(placement: Placement) -> Message | None:
    """What a mass mail brings to thousands is found by its text alone: its files would stand in the index once for each of them."""
    message = placement.message
    return message if message.has_files and not (message.is_mass and placement.side == Placement.Side.RECEIVED) else None


def _own(placements: QuerySet[Placement]) -> Iterator[tuple[Placement, Draft]]:
    for placement in placements:
        message = placement.message
        yield (
            placement,
            Draft(
                kind="mail",
                title=subject_of(message),
                url=placement.get_absolute_url(),
                rule=None,
                taking_part=taking_part_in(placement),
                text=[(None, to_text(message.body).strip())],
                author_id=message.writer_id,
                dated_at=message.sent_at,
            ),
        )


def _touch_whoever_has(model: type[Model], ids: list[int]) -> None:
    """The files of messages have been read: all who have opened these find them by what stands there."""
    if model is Message:
        touch(Placement, Placement.objects.told().filter(message__in=ids).values_list("pk", flat=True))


follow_texts(_touch_whoever_has)
register_kind(Kind("mail", pgettext_lazy("mail", "message"), _("Mail"), "mail", order=90))
register_source(Source("mail", Placement, _placements, _drafts))
