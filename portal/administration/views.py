"""The record, effects that were given up, and how the parts are."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from portal.access.capabilities import READ_AUDIT
from portal.access.decorators import administrator_required, capability_required
from portal.audit.models import AuditRecord
from portal.audit.services import record
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
    return render(request, "administration/record_detail.html", {"record": get_object_or_404(AuditRecord, pk=pk)})


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
