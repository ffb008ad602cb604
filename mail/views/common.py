"""What all pages of mail share: whose they are, and the column of places."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mail.listing import FolderLine, drafts_of, unread_count
from mail.models import Away, Draft, Mailbox, Placement
from mail.reaching import may_send_mass
from mail.services.mailboxes import topic_of
from mail.words import names_of
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.access.view_as import personal
from portal.access.words import describe_rule
from portal.accounts.models import User
from portal.organization.querysets import today

PLACEMENTS = Placement.objects.select_related(
    "message__sender__owner__profile", "message__foreign", "message__parent", "message__audience", "mailbox", "folder"
)
ICONS = {"inbox": "inbox", "starred": "star", "sent": "send", "archive": "archive", "bin": "trash-2"}


def mail_page(view: Callable[..., HttpResponse]) -> Any:
    """For employees, about their own mailbox, and closed while the site is viewed as somebody else. The view is given the mailbox."""

    @employee_required
    @wraps(view)
    def shown(request: Any, **kwargs: Any) -> HttpResponse:
        mailbox = Mailbox.objects.filter(owner=request.user.pk).first()
        if mailbox is None:
            return render(request, "mail/none.html")
        return view(request, mailbox, **kwargs)

    return personal(shown)


def mass_page(view: Callable[..., HttpResponse]) -> Any:
    """As `mail_page`, for those who may send mass mail."""

    @wraps(view)
    def shown(request: Any, mailbox: Mailbox, **kwargs: Any) -> HttpResponse:
        if not may_send_mass(request.user):
            raise PermissionDenied(_("Mass mail is sent by heads of departments and by whoever was granted it. Ask the computer centre."))
        return view(request, mailbox, **kwargs)

    return mail_page(shown)


def placement_of(request: Any, pk: int) -> Placement:
    return get_permitted(Placement, user=request.user, rows=PLACEMENTS, pk=pk)


def place_label(code: str) -> str:
    return {"inbox": _("Inbox"), "starred": _("Starred"), "sent": _("Sent mail"), "archive": _("Archive"), "bin": _("Bin")}[code]


def place_url(code: str) -> str:
    return reverse("mail:inbox") if code == "inbox" else reverse("mail:place", args=[code])


def url_of_place(placement: Placement) -> str:
    """The list in which a message lies."""
    return reverse("mail:folder", args=[placement.folder_id]) if placement.folder_id else place_url(placement.place)


def frame_of(request: HttpRequest, mailbox: Mailbox, current: str) -> dict[str, Any]:
    """The column of places, what is about to go, and how full the mailbox is."""
    waiting = list(drafts_of(mailbox, Draft.State.WAITING).order_by("due_at"))
    writing = drafts_of(mailbox, Draft.State.WRITING).count()
    places = [FolderLine(code, place_label(code), ICONS[code], place_url(code)) for code in ICONS]
    places[0].count = unread_count(request.user)
    places.insert(2, FolderLine("waiting", _("To be sent"), "clock", reverse("mail:waiting_list"), len(waiting)))
    places.insert(3, FolderLine("drafts", _("Drafts"), "file-text", reverse("mail:draft_list"), writing))
    folders = [FolderLine(f"folder-{row.pk}", row.name, "folder", reverse("mail:folder", args=[row.pk]), pk=row.pk) for row in mailbox.folders.all()]
    return {
        "mailbox": mailbox,
        "places": places,
        "folders": folders,
        "current": current,
        "going": [outgoing(draft) for draft in (waiting if current == "waiting" else waiting[:3])],
        "topic": topic_of(mailbox.owner_id),
        "is_away": Away.objects.filter(mailbox=mailbox, starts_on__lte=today(), ends_on__gte=today()).exists(),
        "may_send_mass": may_send_mass(request.user),
    }


def outgoing(draft: Draft) -> dict[str, Any]:
    """What waits, in a line: to whom and when."""
    if draft.is_mass:
        return {"draft": draft, "people": describe_rule(draft.audience.rule) if draft.audience is not None else "", "count": draft.reach or 0}
    people = {person.pk: person.name for person in User.objects.filter(pk__in=draft.recipient_ids)}
    names = [people[pk] for pk in draft.recipient_ids if pk in people]
    names += draft.outside
    return {"draft": draft, "people": names_of(names), "count": len(names)}
