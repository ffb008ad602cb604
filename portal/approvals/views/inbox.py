"""What waits for a person, in the order in which it is due."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.access.decorators import employee_required
from portal.approvals.inbox import ends_of_today, in_order, note_waiting, principals, waiting_for
from portal.approvals.models import Step, Task
from portal.foundation.asking import read_number

PER_PAGE = 50
WHEN = ("late", "today")


@dataclass(frozen=True, slots=True)
class Row:
    task: Task
    asked: str
    principal: str
    group: str

    @property
    def amount(self) -> str:
        fen = self.task.paper.amount
        return "" if fen is None else f"{Decimal(fen) / 100:,.2f}"


@require_safe
@employee_required
def inbox(request: HttpRequest) -> HttpResponse:
    """`when=late|today`, `deputy=1` and `kind=` narrow it; the counts on the chips are those of everything."""
    now, tomorrow = ends_of_today()
    tasks = list(in_order(waiting_for(request.user)))
    deputed = principals(request.user, {task.seat for task in tasks})
    rows = [_row(task, deputed, now, tomorrow) for task in _once(tasks)]
    note_waiting(request.user, len(rows))
    kinds = {row.task.paper.kind_id: row.task.paper.kind for row in rows}
    when, kind, is_deputy = request.GET.get("when", ""), read_number(request.GET, "kind"), request.GET.get("deputy") == "1"
    shown = [
        row for row in rows if (when not in WHEN or row.group == when) and (not kind or row.task.paper.kind_id == kind) and (not is_deputy or row.principal)
    ]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    groups = [(group, _heading(group, now), list(several)) for group, several in groupby(page.object_list, key=lambda row: row.group)]
    context = {
        "groups": groups,
        "page": page,
        "total": len(rows),
        "shown": len(shown),
        "counts": {group: sum(row.group == group for row in rows) for group in WHEN},
        "deputed": sum(bool(row.principal) for row in rows),
        "principals": sorted({person.name for person in deputed.values()}),
        "kinds": sorted(kinds.values(), key=lambda one: one.order),
        "asked": {"when": when if when in WHEN else "", "kind": kind, "deputy": is_deputy},
    }
    template = "approvals/_inbox.html" if request.headers.get("HX-Target") == "papers" else "approvals/inbox.html"
    return render(request, template, context)


def _once(tasks: list[Task]) -> list[Task]:
    """A paper once, by its first task."""
    return list({task.paper_id: task for task in reversed(tasks)}.values())[::-1]


def _row(task: Task, deputed: dict[str, Any], now: datetime, tomorrow: datetime) -> Row:
    due_at = task.step.due_at
    group = "late" if due_at is not None and due_at < now else "today" if due_at is not None and due_at < tomorrow else "later"
    principal = deputed[task.seat].name if task.seat in deputed else ""
    return Row(task, what_is_asked(task), principal, group)


def what_is_asked(task: Task) -> str:
    if task.step.kind == Step.Kind.REVISE:
        return _("change")
    return _("opinion") if task.place == Task.Place.OPINION else str(task.step.get_asks_display())


def _heading(group: str, now: datetime) -> str:
    if group == "today":
        return _("Due today · %(day)s") % {"day": date_format(now, "m-d")}
    return _("Overdue") if group == "late" else _("Later")
