"""The inbox and the other places, drafts, what waits, folders."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from mail.forms import FolderForm
from mail.listing import CHIPS, PLACES, MailList, drafts_of, unread_count
from mail.models import Draft, Folder, Mailbox, Placement
from mail.services.keeping import create_folder, delete_folder, empty_bin, move_several, rename_folder, star_several
from mail.templatetags.mail import counted
from mail.views.common import PLACEMENTS, frame_of, mail_page, outgoing, place_label, place_url
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted, visible_to
from portal.access.view_as import personal
from portal.foundation.asking import read_number, read_words
from portal.foundation.form_pages import ActPage, FormPage
from portal.foundation.returning import back_to

MOST_AT_ONCE = 100
COUNT = '{}<span hx-swap-oob="innerHTML:[data-badge=mail]">{}</span>'


@require_safe
@mail_page
def place(request: Any, mailbox: Mailbox, place: str = "inbox") -> HttpResponse:
    if place not in PLACES:
        raise Http404
    return _list(request, mailbox, place)


@require_safe
@mail_page
def folder(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    return _list(request, mailbox, "", get_permitted(Folder, user=request.user, pk=pk))


@require_safe
@mail_page
def arrivals(request: Any, mailbox: Mailbox) -> HttpResponse:
    """How many have come to the inbox since a list was drawn."""
    since = read_number(request.GET, "since")
    return render(request, "mail/_arrivals.html", {"new": MailList(mailbox, "inbox").newer(since), "since": since, "mailbox": mailbox})


@require_safe
@employee_required
def count(request: Any) -> HttpResponse:
    """The number above, in the rail and beside the inbox, for pages that are open."""
    said = counted(unread_count(request.user))
    return HttpResponse(format_html(COUNT, said, format_html('<small class="badge">{}</small>', said) if said else ""))


@require_POST
@mail_page
def several(request: Any, mailbox: Mailbox) -> HttpResponse:
    """The lines that were ticked: to the archive, the bin, back, a folder, or with a star. Nothing is marked as read, for senders are told of it."""
    ids = [int(value) for value in request.POST.getlist("row")[:MOST_AT_ONCE] if value.isdecimal() and value.isascii() and len(value) < 19]
    rows = list(visible_to(Placement, request.user, PLACEMENTS.filter(pk__in=ids)))
    act, folder_pk = request.POST.get("act", ""), read_number(request.POST, "folder")
    if not rows:
        messages.error(request, _("Tick the lines first."))
    elif folder_pk:
        folder = get_permitted(Folder, user=request.user, pk=folder_pk)
        _say_moved(request, move_several(actor=request.user, placements=rows, place=Placement.Place.OWN, folder=folder))
    elif act == "star":
        star_several(actor=request.user, placements=rows)
    elif act in ("archive", "bin", "inbox"):
        _say_moved(request, move_several(actor=request.user, placements=rows, place=act))
    return back_to(request, request.POST.get("next", ""), otherwise=reverse("mail:inbox"))


def _say_moved(request: Any, count: int) -> None:
    messages.success(request, ngettext("%(count)s conversation was moved.", "%(count)s conversations were moved.", count) % {"count": count})


@require_safe
@mail_page
def largest(request: Any, mailbox: Mailbox) -> HttpResponse:
    """What takes most of the mailbox, with its size; what is in the bin too, for it counts."""
    rows = MailList(mailbox, "largest").largest()
    return render(request, "mail/largest.html", {"lines": rows, "addresses": mailbox.addresses.all(), **frame_of(request, mailbox, "largest")})


@require_safe
@mail_page
def drafts(request: Any, mailbox: Mailbox) -> HttpResponse:
    return _waiting(request, mailbox, Draft.State.WRITING, "drafts", _("Drafts"))


@require_safe
@mail_page
def waiting(request: Any, mailbox: Mailbox) -> HttpResponse:
    return _waiting(request, mailbox, Draft.State.WAITING, "waiting", _("To be sent"))


@require_POST
@mail_page
def bin_emptying(request: Any, mailbox: Mailbox) -> HttpResponse:
    purged = empty_bin(actor=request.user)
    sentence = ngettext("%(count)s message was deleted for ever.", "%(count)s messages were deleted for ever.", purged)
    messages.success(request, sentence % {"count": purged})
    return redirect(place_url("bin"))


@method_decorator([personal, employee_required], name="dispatch")
class FolderCreate(FormPage):
    form_class = FolderForm
    heading = gettext_lazy("New folder")
    submit = gettext_lazy("Make it")
    is_new_thing = True
    is_personal = True
    made: Folder | None = None

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Mail"), reverse("mail:inbox"))]

    def save(self, request: Any, values: dict[str, Any]) -> str:
        self.made = create_folder(actor=request.user, **values)
        return _("The folder is there. Move mail to it from its page.")

    def back_url(self) -> str:
        return reverse("mail:folder", args=[self.made.pk]) if self.made is not None else reverse("mail:inbox")


@method_decorator([personal, employee_required], name="dispatch")
class FolderUpdate(FormPage):
    form_class = FolderForm
    heading = gettext_lazy("Rename the folder")
    submit = gettext_lazy("Save")
    is_personal = True

    def load(self, request: Any, **kwargs: Any) -> Folder:
        return get_permitted(Folder, user=request.user, action="change", pk=kwargs["pk"], rows=Folder.objects.select_related("mailbox"))

    def initial(self) -> dict[str, Any]:
        return {"name": self.subject.name}

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Mail"), reverse("mail:inbox")), (self.subject.name, self.back_url())]

    def save(self, request: Any, values: dict[str, Any]) -> str:
        rename_folder(actor=request.user, folder=self.subject, **values)
        return _("The folder has its new name.")

    def back_url(self) -> str:
        return reverse("mail:folder", args=[self.subject.pk])


@method_decorator([personal, employee_required], name="dispatch")
class FolderDeletion(ActPage):
    is_personal = True

    def load(self, request: Any, **kwargs: Any) -> Folder:
        return get_permitted(Folder, user=request.user, action="change", pk=kwargs["pk"], rows=Folder.objects.select_related("mailbox"))

    def act(self, request: Any) -> str:
        delete_folder(actor=request.user, folder=self.subject)
        return _("The folder is gone; what was in it lies in the archive.")

    def back_url(self) -> str:
        return reverse("mail:inbox")


def _list(request: Any, mailbox: Mailbox, code: str, folder: Folder | None = None) -> HttpResponse:
    chip, words = request.GET.get("show", ""), read_words(request.GET, longest=200)
    listed = MailList(mailbox, code, folder, chip=chip if chip in CHIPS else "", words=words)
    context = {
        "heading": folder.name if folder is not None else place_label(code),
        "page": listed.page(read_number(request.GET, "before")),
        "place": code,
        "folder": folder,
        "chip": listed.chip,
        "chips": [("", _("All")), ("unread", _("Unread")), ("starred", _("Starred")), ("files", _("With files"))],
        "words": words,
        "since": listed.newest() if code == "inbox" else 0,
        "unread": unread_count(request.user),
    }
    return render(request, "mail/list.html", context | frame_of(request, mailbox, f"folder-{folder.pk}" if folder is not None else code))


def _waiting(request: Any, mailbox: Mailbox, state: str, code: str, heading: str) -> HttpResponse:
    rows = [outgoing(draft) for draft in drafts_of(mailbox, state)[:200]]
    return render(request, "mail/drafts.html", {"heading": heading, "rows": rows, "is_waiting": code == "waiting", **frame_of(request, mailbox, code)})
