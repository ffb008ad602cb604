"""The record, effects that were given up, and how the parts are."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from portal.access.capabilities import READ_AUDIT
from portal.access.decorators import administrator_required, capability_required
from portal.administration.forms import RecordFilter
from portal.audit.models import AuditRecord
from portal.audit.querysets import AuditRecordQuerySet
from portal.audit.services import record
from portal.foundation.asking import read_number
from portal.foundation.spreadsheets import table_response
from portal.outbox.known_queues import all_queues
from portal.outbox.models import Effect
from portal.runtime.health import report

PER_PAGE = 25
COLUMNS = ("pk", "at", "actor_label", "on_behalf_of", "verb", "object_label", "address")
MOST_EXPORTED = 100_000
MOST_NAMED = 20
PARTS = {
    "database": _lazy("database"),
    "broker": _lazy("broker"),
    "migrations": _lazy("tables"),
    "search": _lazy("search"),
    "queues": _lazy("queues"),
    "disk": _lazy("disk"),
    "worker": _lazy("worker"),
}
STATES = {"ok": (_lazy("in order"), "good"), "failing": (_lazy("failing"), "danger"), "not configured": (_lazy("not set up"), "notice")}


@require_GET
@capability_required(READ_AUDIT)
def record_list(request: Any) -> HttpResponse:
    """The newest that match; older ones by a press, without counting millions."""
    form, rows = _filtered(request.GET)
    before = read_number(request.GET, "before")
    if before:
        rows = rows.filter(pk__lt=before)
    shown = list(rows.values_list(*COLUMNS, named=True)[: PER_PAGE + 1])
    more = shown[PER_PAGE - 1].pk if len(shown) > PER_PAGE else None
    context = {"form": form, "records": shown[:PER_PAGE], "more": more, "is_first": not before, "most_exported": MOST_EXPORTED}
    return render(request, "administration/record_list.html", context, status=200 if form.is_valid() else 422)


@require_GET
@capability_required(READ_AUDIT)
def record_detail(request: Any, pk: int) -> HttpResponse:
    """One act, before and after."""
    return render(request, "administration/record_detail.html", {"record": get_object_or_404(AuditRecord, pk=pk)})


@require_POST
@capability_required(READ_AUDIT)
def record_export(request: Any) -> HttpResponseBase:
    """What matches, as a file. Taking it away is itself on record."""
    form, rows = _filtered(request.POST)
    if not form.is_valid():
        return redirect("administration:record_list")
    with transaction.atomic():
        record(request.user, "record.exported", after={name: str(value) for name, value in form.cleaned_data.items() if value})
    headings = [_("No."), _("When"), _("Who"), _("On behalf of"), _("Did"), _("To"), _("Before"), _("After"), _("Reason"), _("From where"), _("Browser")]
    kind = "csv" if request.POST.get("kind") == "csv" else "xlsx"
    return table_response(kind, f"{_('Record')}-{timezone.localdate():%Y%m%d}", _("Record"), headings, _export_rows(rows))


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


def _filtered(data: Any) -> tuple[RecordFilter, AuditRecordQuerySet]:
    form = RecordFilter(data)
    rows = AuditRecord.objects.all()
    return form, rows.matching(**form.cleaned_data) if form.is_valid() else rows.none()


def _export_rows(rows: AuditRecordQuerySet) -> Iterator[list[Any]]:
    for row in rows[:MOST_EXPORTED].iterator(chunk_size=2_000):
        before, after = _words(row.before), _words(row.after)
        yield [row.pk, row.at, row.actor_label, row.on_behalf_of, row.verb_label, row.object_label, before, after, row.reason, row.address, row.agent]


def _words(values: dict[str, Any]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in values.items())
