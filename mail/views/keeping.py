"""Pages of the computer centre: limits, and looking into the journal."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mail.capabilities import KEEP_LIMITS, READ_JOURNAL, may_look
from mail.forms import LimitForm, LookForm
from mail.gateway.connection import domain, sends_out, smarthost, takes_in
from mail.health import answers
from mail.models import JournalEntry, Limit, Look, Outbound, RawMail
from mail.models.mailboxes import MEGABYTE
from mail.services.journal import begin_look, is_open
from mail.services.limits import set_limit
from portal.access.decorators import capability_required, employee_required
from portal.access.rules import LEVELS
from portal.access.view_as import personal
from portal.access.words import level_name
from portal.accounts.models import User
from portal.attachments.queries import shown_on
from portal.foundation.form_pages import FormPage
from portal.lists.arranging import Arranged
from portal.lists.asked import Asked
from portal.lists.pages import ListPage

MOST_SHOWN, MOST_LATE = 500, 50


class LimitsPage(ListPage):
    """The list of limits, with the levels that may have some."""

    def context(self, asked: Asked, arranged: Arranged) -> dict[str, Any]:
        return super().context(asked, arranged) | {"levels": [(level, level_name(level)) for level in LEVELS]}


class _LimitPage(FormPage):
    """What a person or a level may have and send; nothing at all makes it as usual again."""

    form_class = LimitForm
    submit = gettext_lazy("Save")
    note = gettext_lazy("What you leave blank is as usual. A lower limit holds at once; nothing is deleted.")

    def whose(self) -> dict[str, Any]:
        raise NotImplementedError

    def initial(self) -> dict[str, Any]:
        limit = Limit.objects.filter(**self.whose()).first() or Limit()
        sizes = {"mailbox": limit.mailbox_bytes, "file": limit.file_bytes}
        return {name: None if size is None else size // MEGABYTE for name, size in sizes.items()} | {"recipients": limit.recipients, "per_hour": limit.per_hour}

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Limits of mail"), self.back_url())]

    def back_url(self) -> str:
        return reverse("mail:limit_list")

    def save(self, request: Any, values: dict[str, Any]) -> str:
        sizes = {f"{name}_bytes": None if values[name] is None else values[name] * MEGABYTE for name in ("mailbox", "file")}
        set_limit(actor=request.user, values={**sizes, "recipients": values["recipients"], "per_hour": values["per_hour"]}, **self.whose())
        return _("The limits are set.")


@method_decorator(capability_required(KEEP_LIMITS), name="dispatch")
class PersonLimit(_LimitPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> User:
        return get_object_or_404(User.objects.employees(), pk=kwargs["pk"])

    def whose(self) -> dict[str, Any]:
        return {"person": self.subject}

    def get_heading(self) -> str:
        return _("Limits of %(person)s") % {"person": self.subject.name}


@method_decorator(capability_required(KEEP_LIMITS), name="dispatch")
class LevelLimit(_LimitPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> int:
        if kwargs["level"] not in LEVELS:
            raise Http404
        return int(kwargs["level"])

    def whose(self) -> dict[str, Any]:
        return {"level": self.subject}

    def get_heading(self) -> str:
        return _("Limits of the level %(level)s") % {"level": level_name(self.subject)}


@method_decorator([personal, capability_required(READ_JOURNAL)], name="dispatch")
class JournalLook(FormPage):
    """What the journal has of an envelope; whoever may look into it says why."""

    form_class = LookForm
    template_name = "mail/journal_entry.html"
    submit = gettext_lazy("Look into it")
    is_personal = True
    made: Look | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> JournalEntry:
        return get_object_or_404(JournalEntry, pk=kwargs["pk"])

    def get_heading(self) -> str:
        return f"{self.subject.get_kind_display()} · {self.subject.sender_label}"

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Journal of mail"), reverse("mail:journal"))]

    def more_context(self) -> dict[str, Any]:
        looks = self.subject.looks.select_related("by").order_by("-at")
        return {"entry": self.subject, "looks": looks, "may_look": may_look(self.request.user) and self.subject.message_id is not None}

    def back_url(self) -> str:
        return reverse("mail:look", args=[self.made.pk]) if self.made is not None else reverse("mail:journal")

    def save(self, request: Any, values: dict[str, Any]) -> str:
        self.made = begin_look(actor=request.user, entry=self.subject, reason=values["reason"])
        return _("Your look is on record.")


@require_safe
@capability_required(READ_JOURNAL)
def gateway(request: Any) -> HttpResponse:
    """How the way to the internet is, and what goes wrong on it; never what is written."""
    day = timezone.now() - timedelta(hours=24)
    entries = JournalEntry.objects.filter(at__gt=day)
    going = Outbound.objects.filter(state="waiting")
    context = {
        "takes_in": takes_in(),
        "sends_out": sends_out(),
        "is_answering": takes_in() and answers(),
        "listens": settings.ENVIRONMENT.mail_listen,
        "smarthost": ":".join(map(str, smarthost()[1:3])) if sends_out() else "",
        "is_signed": bool(settings.ENVIRONMENT.mail_dkim_key),
        "domain": domain(),
        "counts": [(label, entries.filter(kind=kind).count()) for kind, label in JournalEntry.Kind.choices if kind in ("in", "out", "refused", "bounced")],
        "unread": RawMail.objects.filter(state="waiting").count(),
        "aside": RawMail.objects.filter(state="aside").count(),
        "going": going.count(),
        "late": going.filter(attempts__gt=0).select_related("message__sender__owner").order_by("begun_at")[:MOST_LATE],
    }
    return render(request, "mail/gateway.html", context)


@require_safe
@employee_required
def look(request: Any, pk: int) -> HttpResponse:
    """The message, to whoever gave the reason, for half an hour."""
    found = get_object_or_404(Look.objects.select_related("entry__message"), pk=pk, by=request.user.pk)
    if not may_look(request.user) or not is_open(found):
        raise PermissionDenied(_("The half hour is over, or the right was taken away. Give a reason anew in the journal."))
    message = found.entry.message
    assert message is not None
    envelope = message.envelope.select_related("mailbox__owner").order_by("order")[:MOST_SHOWN]
    return render(request, "mail/look.html", {"look": found, "message": message, "envelope": envelope, "files": shown_on(message)})
