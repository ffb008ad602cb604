"""What people find again of their own mail: an entry for each mailbox that has it, which says nothing of any other recipient."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mail.models import Placement
from mail.words import subject_of
from portal.foundation.rich_text import to_text
from portal.search.sources import Draft, Kind, Source, register_kind, register_source, taking_part_in


def _placements() -> QuerySet[Placement]:
    """What was not opened is not found: a passage of it would be read without anybody knowing."""
    return Placement.objects.told().select_related("message__sender", "message__foreign", "mailbox")


def _drafts(placements: QuerySet[Placement]) -> Iterator[tuple[int, Draft]]:
    for placement in placements:
        message = placement.message
        yield (
            placement.pk,
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


register_kind(Kind("mail", pgettext_lazy("mail", "message"), _("Mail"), "mail", order=90))
register_source(Source("mail", Placement, _placements, _drafts))
