"""The record, effects that were given up, and how the parts are."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from portal.access.capabilities import READ_AUDIT
from portal.access.decorators import administrator_required, capability_required
from portal.access.words import describe_readers
from portal.administration.sight import look_over, uncover, uncovered
from portal.audit.models import AuditRecord
from portal.audit.services import record
from portal.foundation.form_pages import Crumb, FormPage
from portal.outbox.known_queues import all_queues
from portal.outbox.models import Effect
from portal.runtime.health import report

MOST_NAMED = 20
PARTS = {
    "database": gettext_lazy("database"),
    "broker": gettext_lazy("broker"),
    "migrations": gettext_lazy("tables"),
    "search": gettext_lazy("search"),
    "queues": gettext_lazy("queues"),
    "disk": gettext_lazy("disk"),
    "worker": gettext_lazy("worker"),
    "scanner": gettext_lazy("virus scanner"),
    "backup": gettext_lazy("backup"),
    "mail": gettext_lazy("mail gateway"),
    "pooler": gettext_lazy("connection pooler"),
    "ledgers": gettext_lazy("ledgers of the trade"),
}
STATES = {"ok": (gettext_lazy("in order"), "good"), "failing": (gettext_lazy("failing"), "danger"), "not configured": (gettext_lazy("not set up"), "notice")}


@require_GET
@capability_required(READ_AUDIT)
def record_detail(request: Any, pk: int) -> HttpResponse:
    """One act, before and after."""
    [row] = look_over([get_object_or_404(AuditRecord, pk=pk)], request.user)
    is_open = row.sight.is_open or uncovered(row, request.user)
    context = {"record": row, "sight": row.sight, "is_open": is_open, "changes": _changes(row) if is_open else []}
    return render(request, "administration/record_detail.html", context)


def _changes(row: AuditRecord) -> list[tuple[str, object, object]]:
    if row.verb != "readers.changed":
        return row.changes
    before, after = (describe_readers(str(side.get("readers", "")).split()) for side in (row.before, row.after))
    return [(_("Who takes part"), before, after)]


class UncoveringForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Show it, because"), max_length=300, help_text=gettext_lazy("Stands on record, for all who read it."))


@method_decorator(capability_required(READ_AUDIT), name="dispatch")
class RecordUncovering(FormPage):
    """Say why one reads what an act was done to, where the thing is for others."""

    form_class = UncoveringForm
    heading = gettext_lazy("Show what it was")
    submit = gettext_lazy("Show")
    note = gettext_lazy("It is not for you otherwise. You see the name and what was written for half an hour, and that you looked goes on record.")

    def load(self, request: Any, **kwargs: Any) -> AuditRecord:
        return get_object_or_404(AuditRecord, pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("administration:record_detail", args=[self.subject.pk])

    def crumbs(self) -> list[Crumb]:
        return [(_("Record"), reverse("administration:record_list")), (f"#{self.subject.pk}", self.back_url())]

    def save(self, request: Any, values: dict[str, Any]) -> str:
        uncover(self.subject, actor=request.user, reason=values["reason"])
        return _("It is shown for half an hour.")


@require_GET
@administrator_required
def operation(request: Any) -> HttpResponse:
    """How the parts are, and what was given up."""
    _status, state = report()
    failed = Effect.objects.filter(failed_at__isnull=False).order_by("-failed_at")
    waiting = Effect.objects.filter(failed_at__isnull=True)
    queues = [{"queue": queue, "count": count, "aside": queue.aside(MOST_NAMED)} for queue in all_queues() if (count := queue.count())]
    parts = [{"name": PARTS.get(name, name), "state": STATES[finding["state"]], "finding": finding} for name, finding in state["checks"].items()]
    context = {"parts": parts, "failed": failed[:50], "waiting_count": waiting.count(), "queues": queues, "most_named": MOST_NAMED}
    return render(request, "administration/operation.html", context)


@require_POST
@administrator_required
def effect_retry(request: Any) -> HttpResponse:
    """Give everything that was put aside, or what one queue has put aside, another round of attempts."""
    wanted = request.POST.get("queue", "")
    with transaction.atomic():
        count = sum(queue.retry() for queue in all_queues() if wanted in ("", queue.code))
        record(request.user, "effects.retried", after={"count": count, "queue": wanted})
    messages.success(request, ngettext("%(count)s is tried again.", "%(count)s are tried again.", count) % {"count": count})
    return redirect("administration:operation")
