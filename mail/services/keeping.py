"""Where people keep their mail: archive, bin, folders of their own, stars. All of it is of the actor's own mailbox alone."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mail.errors import MailError
from mail.models import Folder, Mailbox, Placement
from mail.services.mailboxes import mailbox_of, ring_mailboxes
from portal.audit.services import record
from portal.search.services import touch

Place = Placement.Place
KEPT_IN_THE_BIN = timedelta(days=30)
AT_ONCE = 1_000
MOST_FOLDERS = 100
HOME = {Placement.Side.RECEIVED: Place.INBOX, Placement.Side.SENT: Place.SENT}


@transaction.atomic
def move_conversation(*, actor: Any, placement: Placement, place: str, folder: Folder | None = None) -> int:
    """Move a conversation, as far as it lies where this message of it does. `inbox` is home: what one sent goes back to what one sent."""
    rows = list(_beside(actor, placement).select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        row.place = HOME[Placement.Side(row.side)] if place == Place.INBOX else Place(place)
        row.folder = folder if place == Place.OWN else None
        row.binned_at = timezone.now() if place == Place.BIN else None
    Placement.objects.bulk_update(rows, ["place", "folder", "binned_at"])
    ring_mailboxes([placement.mailbox_id])
    return len(rows)


@transaction.atomic
def move_several(*, actor: Any, placements: Sequence[Placement], place: str, folder: Folder | None = None) -> int:
    """The conversations of several lines of a list; of how many. What was moved with another line is not moved again."""
    moved = 0
    for placement in sorted(placements, key=lambda row: row.pk):
        moved += move_conversation(actor=actor, placement=placement, place=place, folder=folder) > 0
    return moved


@transaction.atomic
def star_several(*, actor: Any, placements: Sequence[Placement]) -> int:
    count = Placement.objects.of(actor).there().filter(pk__in=[row.pk for row in placements]).update(is_starred=True)
    ring_mailboxes({row.mailbox_id for row in placements})
    return count


@transaction.atomic
def set_star(*, actor: Any, placement: Placement, wanted: bool) -> None:
    Placement.objects.of(actor).there().filter(pk=placement.pk).update(is_starred=wanted)
    ring_mailboxes([placement.mailbox_id])


@transaction.atomic
def purge_conversation(*, actor: Any, placement: Placement) -> int:
    """Away for ever, from the bin: nobody brings it back into this mailbox. Others keep theirs."""
    if placement.place != Place.BIN:
        raise MailError(_("Only what is in the bin can be deleted for ever."))
    return _purge(actor, list(_beside(actor, placement).values_list("pk", flat=True)))


@transaction.atomic
def empty_bin(*, actor: Any) -> int:
    return _purge(actor, list(Placement.objects.of(actor).there().filter(place=Place.BIN).values_list("pk", flat=True)))


def purge_old() -> int:
    """What has been in a bin for thirty days goes; each round in a transaction of its own."""
    count = 0
    while True:
        with transaction.atomic():
            old = Placement.objects.there().filter(place=Place.BIN, binned_at__lt=timezone.now() - KEPT_IN_THE_BIN)
            ids = list(old.order_by("binned_at").values_list("pk", flat=True)[:AT_ONCE])
            if not ids:
                return count
            count += _purge(None, ids)


@transaction.atomic
def create_folder(*, actor: Any, name: str) -> Folder:
    mailbox = Mailbox.objects.select_for_update(no_key=True).get(pk=mailbox_of(actor).pk)
    if mailbox.folders.count() >= MOST_FOLDERS:
        raise MailError(_("A mailbox has %(most)s folders at most.") % {"most": MOST_FOLDERS})
    try:
        with transaction.atomic():
            return Folder.objects.create(mailbox=mailbox, name=_folder_name(name))
    except IntegrityError as error:
        raise MailError(_("You have a folder of that name already.")) from error


@transaction.atomic
def rename_folder(*, actor: Any, folder: Folder, name: str) -> Folder:
    folder.name = _folder_name(name)
    try:
        with transaction.atomic():
            folder.save(update_fields=["name"])
    except IntegrityError as error:
        raise MailError(_("You have a folder of that name already.")) from error
    return folder


@transaction.atomic
def delete_folder(*, actor: Any, folder: Folder) -> None:
    """What was in it goes to the archive; nothing is lost."""
    Placement.objects.filter(folder=folder).exclude(place=Place.BIN).update(place=Place.ARCHIVE, folder=None)
    folder.delete()
    ring_mailboxes([folder.mailbox_id])


def _beside(actor: Any, placement: Placement) -> Any:
    return Placement.objects.of(actor).there().filter(thread=placement.thread, place=placement.place, folder=placement.folder_id)


def _purge(actor: Any, ids: list[int]) -> int:
    rows = list(Placement.objects.there().filter(pk__in=ids, place=Place.BIN).order_by("pk").select_for_update(of=("self",)))
    Placement.objects.filter(pk__in=[row.pk for row in rows]).update(purged_at=timezone.now())
    if rows:
        touch(Placement, [row.pk for row in rows])
        record(actor, "mail.purged", None, after={"count": len(rows)})
        ring_mailboxes({row.mailbox_id for row in rows})
    return len(rows)


def _folder_name(name: str) -> str:
    named = " ".join(name.split())
    if not named:
        raise MailError(_("Give the folder a name."))
    return named
