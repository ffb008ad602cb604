"""Writing: one form that saves by itself; what two windows of one person do to each other; sending, and taking it back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mail.addressing import find_recipients, warnings_about
from mail.conversations import answered_by
from mail.errors import DraftConflictError, SentError
from mail.forms import MailForm, MassForm, ids_in
from mail.models import Draft, Mailbox, Message, Placement
from mail.reaching import may_send_mass, reach_of
from mail.services.drafts import begin_draft, delete_draft, forward, prefixed, save_draft
from mail.services.sending import TOO_LATE, send_draft, send_now, take_back
from mail.views.common import frame_of, mail_page, placement_of, url_of_place
from portal.access.policies import get_permitted
from portal.attachments.queries import shown_on
from portal.foundation.asking import read_words
from portal.foundation.errors import PortalError
from portal.foundation.rich_text import difference, not_kept_yet

WRITING = require_http_methods(["GET", "HEAD", "POST"])
DRAFTS = Draft.objects.select_related("mailbox", "answers__sender__owner", "audience")


@WRITING
@mail_page
def new(request: Any, mailbox: Mailbox, is_mass: bool = False) -> HttpResponse:
    if is_mass:
        if not may_send_mass(request.user):
            raise PermissionDenied(_("Mass mail is sent by heads of departments and by whoever was granted it. Ask the computer centre."))
        return _Sitting(request, mailbox, manner=Draft.Manner.MASS).answer()
    to = ids_in(request.GET.getlist("to"))
    return _Sitting(request, mailbox, initial={"to": to}).answer()


@WRITING
@mail_page
def reply(request: Any, mailbox: Mailbox, pk: int, to_all: bool = False) -> HttpResponse:
    """An answer, to the sender or to all whom the reader may know of."""
    placement = placement_of(request, pk)
    if not placement.is_told:
        raise Http404
    to, cc, outside = answered_by(placement, to_all=to_all)
    initial = {"to": to, "cc": cc, "outside": outside, "subject": prefixed(_("Re: "), placement.message.subject)}
    return _Sitting(request, mailbox, answered=placement, initial=initial).answer()


@require_POST
@mail_page
def forwarding(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    placement = placement_of(request, pk)
    try:
        draft = forward(actor=request.user, message=placement.message, key=_key(request) or uuid4())
    except PortalError as refusal:
        messages.error(request, str(refusal))
        return redirect(placement)
    return redirect(draft)


@WRITING
@mail_page
def draft(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    return _Sitting(request, mailbox, draft=get_permitted(Draft, user=request.user, rows=DRAFTS, pk=pk)).answer()


@require_POST
@mail_page
def draft_deletion(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    delete_draft(actor=request.user, draft=get_permitted(Draft, user=request.user, rows=DRAFTS, pk=pk))
    messages.success(request, _("The draft was thrown away."))
    return redirect("mail:draft_list")


@require_POST
@mail_page
def draft_return(request: Any, mailbox: Mailbox, key: UUID) -> HttpResponse:
    """Take back what waits. Of what has gone meanwhile is said that it has, and it is shown."""
    found = Draft.objects.filter(key=key, mailbox=mailbox).first()
    try:
        if found is not None:
            return redirect(take_back(actor=request.user, draft=found))
    except SentError:
        pass
    message = Message.objects.filter(draft_key=key, sender=mailbox).first()
    if message is None:
        raise Http404
    messages.error(request, str(TOO_LATE))
    return _sent_page(message, mailbox)


@require_POST
@mail_page
def draft_sending(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    """Send now what waits."""
    found = get_permitted(Draft, user=request.user, rows=DRAFTS, pk=pk)
    try:
        send_now(actor=request.user, draft=found)
    except PortalError as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    messages.success(request, _("The mass mail is on its way.") if found.is_mass else _("The message was sent."))
    return redirect("mail:inbox")


@require_safe
@mail_page
def recipient_choices(request: Any, mailbox: Mailbox) -> HttpResponse:
    """Who is offered while one types: by name, pinyin, number or department; without a word those whom one wrote to last."""
    text = read_words(request.GET)
    return render(request, "access/_choices.html", {"choices": find_recipients(mailbox, text), "text": text})


@require_safe
@mail_page
def recipient_reach(request: Any, mailbox: Mailbox) -> HttpResponse:
    """What is to be known of those who are chosen: who is away, whose mailbox is full."""
    field = request.GET.get("field", "")
    ids = ids_in(request.GET.getlist(f"{field}_include")) if field in {"to", "cc", "bcc"} else []
    return render(request, "mail/_reach.html", {"warnings": warnings_about(ids)})


def _sent_page(message: Message, mailbox: Mailbox) -> HttpResponse:
    """Where its sender has it; the inbox where they have thrown it away."""
    placement = Placement.objects.there().filter(message=message, mailbox=mailbox, side="sent").first()
    return redirect(placement) if placement is not None else redirect("mail:inbox")


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(hex=request.POST.get("key") or request.GET.get("key", ""))
    except ValueError:
        return None


@dataclass
class _Sitting:
    """One opening or sending of the form: keep what can be kept, then do what was asked."""

    request: Any
    mailbox: Mailbox
    draft: Draft | None = None
    answered: Placement | None = None
    initial: dict[str, Any] | None = None
    manner: str = ""
    reach: Any = None  # what a mass mail comes to, as its sender is told before it goes

    @property
    def is_mass(self) -> bool:
        return self.draft.is_mass if self.draft is not None else self.manner == Draft.Manner.MASS

    @property
    def form_class(self) -> type[MailForm]:
        return MassForm if self.is_mass else MailForm

    def answer(self) -> HttpResponse:
        key = _key(self.request)
        if self.draft is None and key is not None:
            self.draft = DRAFTS.filter(key=key, mailbox=self.mailbox).first()
            sent = None if self.draft is not None else Message.objects.filter(draft_key=key, sender=self.mailbox).first()
            if sent is not None:
                return self._was_sent(sent)
        if self.request.method == "POST":
            return self._take(key or uuid4())
        if self.draft is not None and self.answered is None and self.initial is not None:
            return redirect(self.draft)
        return self._show(self.form_class(actor=self.request.user, draft=self.draft, initial=self._values()))

    def _was_sent(self, message: Message) -> HttpResponse:
        """Sent again, by a double press or the browser's Back: it went once."""
        if "autosave" in self.request.POST:
            return JsonResponse({"error": _("This message was sent already.")}, status=409)
        messages.info(self.request, _("This message was sent already."))
        return _sent_page(message, self.mailbox)

    def _take(self, key: UUID) -> HttpResponse:
        sent = self.request.POST
        form = self.form_class(sent, self.request.FILES, actor=self.request.user, draft=self.draft)
        form.is_valid()
        is_autosave = "autosave" in sent
        if self.draft is not None and self.draft.is_waiting:
            if is_autosave:
                return JsonResponse({"error": _("This message waits to be sent. Take it back to write on.")}, status=409)
            messages.info(self.request, _("This message waits to be sent already."))
            return redirect("mail:waiting_list")
        files = form.cleaned_data.get("file_ids")
        if files is None:
            files = [row.pk for row in shown_on(self.draft)] if self.draft is not None else []
        if is_autosave and self.draft is None and form.is_hardly_begun():
            return JsonResponse(not_kept_yet())
        try:
            if self.draft is None:
                answers = self.answered.message if self.answered is not None else None
                manner = self.manner or (Draft.Manner.REPLY if answers is not None else Draft.Manner.NEW)
                self.draft = begin_draft(actor=self.request.user, key=key, values=form.written(), file_ids=files, answers=answers, manner=manner)
            else:
                version = int(sent["seen"]) if sent.get("seen", "").isdecimal() and len(sent["seen"]) < 9 else 0
                self.draft = save_draft(actor=self.request.user, draft=self.draft, version=version, values=form.written(), file_ids=files)
        except DraftConflictError as conflict:
            return self._conflict(form, conflict)
        except PortalError as refusal:
            if is_autosave:
                return JsonResponse({"error": str(refusal)}, status=422)
            form.add_error(None, str(refusal))
            return self._show(form, status=422)
        return JsonResponse(self._saved(form)) if is_autosave else self._go_on(form)

    def _go_on(self, form: MailForm) -> HttpResponse:
        assert self.draft is not None
        if form.errors:
            return self._show(form, status=422)
        if self.request.POST.get("action") != "send":
            messages.success(self.request, _("The draft is saved."))
            return redirect(self.draft)
        if self.is_mass and self.draft.audience is not None:
            self.reach = reach_of(self.request.user, self.draft.audience.rule)
            if self.request.POST.get("reach") != str(self.reach.count):
                return self._show(form)
        try:
            waiting = send_draft(actor=self.request.user, draft=self.draft, due_at=form.cleaned_data["due_at"], reach=self.reach.count if self.reach else None)
        except PortalError as refusal:
            form.add_error(None, str(refusal))
            return self._show(form, status=422)
        if form.cleaned_data["due_at"] is not None:
            messages.success(self.request, _("It goes %(when)s. Until then it is under “To be sent”.") % {"when": _said(waiting.due_at)})
        return redirect(url_of_place(self.answered) if self.answered is not None else reverse("mail:inbox"))

    def _conflict(self, form: MailForm, conflict: DraftConflictError) -> HttpResponse:
        """409: what was typed stays on the page, beside what the other window saved. Saving again takes the new version."""
        if "autosave" in self.request.POST:
            return JsonResponse({"error": str(conflict), "is_conflict": True}, status=409)
        assert self.draft is not None
        theirs = self.draft = DRAFTS.get(pk=self.draft.pk)
        other = {
            "sentence": str(conflict),
            "subject": theirs.subject if theirs.subject != form.cleaned_data.get("subject") else "",
            "difference": difference(theirs.body, form.cleaned_data.get("body", "")),
        }
        return self._show(form, status=409, other=other)

    def _saved(self, form: MailForm) -> dict[str, Any]:
        """What the page learns of an automatic save."""
        assert self.draft is not None
        missing = [str(form.fields[name].label) for name in form.errors if name in form.fields]
        text = _("Saved %(time)s by itself") % {"time": (time := date_format(timezone.localtime(), "H:i"))}
        if missing:
            text = _("Saved %(time)s by itself, but not: %(fields)s") % {"time": time, "fields": _(", ").join(missing)}
        return {"stamp": str(self.draft.version), "text": text, "is_whole": not missing, "url": self.draft.get_absolute_url(), "pk": self.draft.pk}

    def _values(self) -> dict[str, Any]:
        if self.draft is None:
            return self.initial or {}
        values = {name: getattr(self.draft, name) for name in ("to", "cc", "bcc", "outside", "subject", "body")}
        values["rule"] = self.draft.audience.rule if self.draft.audience is not None else None
        return values | {"file_ids": [row.pk for row in shown_on(self.draft)]}

    def _show(self, form: MailForm, *, status: int = 200, other: dict[str, Any] | None = None) -> HttpResponse:
        if self.draft is not None and self.draft.is_waiting:
            return redirect("mail:waiting_list")
        answered = self.answered.message if self.answered is not None else self.draft.answers if self.draft is not None else None
        context = {
            "form": form,
            "draft": self.draft,
            "key": (_key(self.request) or uuid4()).hex,
            "seen": self.draft.version if self.draft is not None else "",
            "other": other,
            "answered": answered,
            "is_mass": self.is_mass,
            "reach": self.reach,
            "heading": _("Mass mail") if self.is_mass else _("Answer") if self.draft is None and answered is not None else _("Write a message"),
        }
        return render(self.request, "mail/compose.html", context | frame_of(self.request, self.mailbox, "drafts"), status=status)


def _said(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "m-d H:i")
