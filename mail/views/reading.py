"""A conversation: looked at by GET, opened by POST, which alone hands out what it says."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mail.conversations import Conversation, read_conversation
from mail.eml import as_eml
from mail.handing import hands_of
from mail.models import Folder, Mailbox, Placement
from mail.services.keeping import move_conversation, purge_conversation, set_star
from mail.services.parts import part_content
from mail.services.reading import open_conversation, recall
from mail.views.common import frame_of, mail_page, placement_of, url_of_place
from mail.words import subject_of
from portal.access.policies import get_permitted
from portal.foundation.asking import read_number
from portal.foundation.errors import PortalError

Place = Placement.Place
MOVES = {Place.INBOX, Place.ARCHIVE, Place.BIN}


@require_safe
@mail_page
def message(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    placement = placement_of(request, pk)
    return render(request, "mail/message.html", _context(request, placement) | frame_of(request, mailbox, _current(placement)))


@require_POST
@mail_page
def opening(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    """Note that it is read, then show it. Whoever only looks ahead, as a browser does by itself, has not opened it."""
    placement = placement_of(request, pk)
    open_conversation(actor=request.user, placement=placement)
    if not request.headers.get("HX-Request"):
        return redirect(placement)
    answer = render(request, "mail/_conversation.html", _context(request, placement_of(request, pk)))
    answer["HX-Trigger"] = "mail-read"
    return answer


@require_safe
@mail_page
def message_print(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    placement = placement_of(request, pk)
    conversation = read_conversation(request.user, placement)
    if not conversation.is_opened:
        return redirect(placement)
    return render(request, "mail/print.html", {"conversation": conversation, "placement": placement})


@require_safe
@mail_page
def message_eml(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    """One message of one's own, as a file; only once it was opened."""
    placement = placement_of(request, pk)
    shown = next((one for one in read_conversation(request.user, placement).messages if one.message.pk == placement.message_id), None)
    if shown is None or not shown.is_told:
        raise Http404
    name = f"{subject_of(placement.message).replace('/', '-')[:80]}.eml"
    return download(as_eml(shown), name, media_type="message/rfc822")


@require_safe
@mail_page
def part(request: Any, mailbox: Mailbox, pk: int, number: int) -> HttpResponse:
    """A file of a message from outside, always as a download of no type that a browser would draw; only once the message was opened."""
    placement = placement_of(request, pk)
    message = placement.message
    known = next((one for one in message.foreign.parts if one["number"] == number), None) if message.is_foreign else None
    if known is None or not placement.is_told:
        raise Http404
    try:
        content = part_content(message, number)
    except PortalError as refusal:
        messages.error(request, str(refusal))
        return redirect(placement)
    return download(content, known["name"])


@require_safe
@mail_page
def receipts(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    """Who has read what one sent, for a page that is open."""
    placement = placement_of(request, pk)
    shown = next((one for one in read_conversation(request.user, placement).messages if one.message.pk == placement.message_id), None)
    if shown is None or not shown.is_own:
        raise Http404
    return render(request, "mail/_receipts.html", {"shown": shown})


@require_POST
@mail_page
def recalling(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    placement = placement_of(request, pk)
    if placement.message.sender_id != mailbox.pk:
        raise Http404
    try:
        count = recall(actor=request.user, message=placement.message)
    except PortalError as refusal:
        messages.error(request, str(refusal))
    else:
        sentence = ngettext("It was recalled from %(count)s mailbox. Below stands who has read it.", "It was recalled from %(count)s mailboxes.", count)
        messages.success(request, sentence % {"count": count})
    return redirect(placement)


@require_POST
@mail_page
def star(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    placement = placement_of(request, pk)
    set_star(actor=request.user, placement=placement, wanted=request.POST.get("star") == "1")
    return redirect(placement)


@require_POST
@mail_page
def move(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    """To the inbox, the archive, the bin, or a folder of one's own."""
    placement = placement_of(request, pk)
    back = url_of_place(placement)
    folder_pk = read_number(request.POST, "folder")
    if folder_pk:
        folder = get_permitted(Folder, user=request.user, pk=folder_pk)
        move_conversation(actor=request.user, placement=placement, place=Place.OWN, folder=folder)
        messages.success(request, _("Moved to the folder %(folder)s.") % {"folder": folder.name})
        return redirect(back)
    place = request.POST.get("place", "")
    if place not in MOVES:
        raise Http404
    move_conversation(actor=request.user, placement=placement, place=place)
    said = {
        Place.INBOX: _("It is back in its place."),
        Place.ARCHIVE: _("It lies in the archive."),
        Place.BIN: _("It is in the bin, and stays there for 30 days."),
    }
    messages.success(request, said[Place(place)])
    return redirect(back)


@require_POST
@mail_page
def purge(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    placement = placement_of(request, pk)
    back = url_of_place(placement)
    try:
        purge_conversation(actor=request.user, placement=placement)
    except PortalError as refusal:
        messages.error(request, str(refusal))
        return redirect(placement)
    messages.success(request, _("It was deleted for ever."))
    return redirect(back)


def download(content: bytes, name: str, *, media_type: str = "application/octet-stream") -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _context(request: Any, placement: Placement) -> dict[str, Any]:
    conversation: Conversation = read_conversation(request.user, placement)
    hands = hands_of(request.user, placement)
    return {"conversation": conversation, "placement": placement, "hands": hands, "back_url": url_of_place(placement)}


def _current(placement: Placement) -> str:
    return f"folder-{placement.folder_id}" if placement.folder_id else placement.place
