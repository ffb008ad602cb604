"""What waits for a person, in the order in which it is due."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from html import escape
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.access.decorators import employee_required
from portal.approvals.definitions.labels import said
from portal.approvals.inbox import Waiting, WaitingRow, principals, read_rows, read_waiting
from portal.approvals.templatetags.approvals import due
from portal.foundation.asking import read_number
from portal.foundation.skeletons import skeleton
from portal.foundation.templatetags.foundation import when as when_said
from portal.lists.definition import around_key

PER_PAGE = 25
WHEN = ("late", "today")


@require_safe
@employee_required
def inbox(request: HttpRequest) -> HttpResponse:
    """`when=late|today`, `deputy=1` and `kind=` narrow it; the counts on the chips are those of everything. Only the papers of the page are read."""
    waiting = read_waiting(request.user)
    deputed = principals(request.user, {one.seat for one in waiting})
    counts = Counter(one.group for one in waiting)
    when, kind, is_deputy = request.GET.get("when", ""), read_number(request.GET, "kind"), request.GET.get("deputy") == "1"
    shown = [one for one in waiting if (when not in WHEN or one.group == when) and (not kind or one.kind_id == kind) and (not is_deputy or one.seat in deputed)]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    read = {row.task_id: row for row in read_rows(list(page.object_list))}
    groups = [
        (group, _heading(group), draw_rows([read[one.task_id] for one in several if one.task_id in read], group, deputed))
        for group, several in groupby(page.object_list, key=attrgetter("group"))
    ]
    context = {
        "groups": groups,
        "page": page,
        "total": len(waiting),
        "shown": len(shown),
        "counts": {group: counts[group] for group in WHEN},
        "deputed": sum(one.seat in deputed for one in waiting),
        "principals": sorted({person.name for person in deputed.values()}),
        "kinds": _kinds(waiting),
        "asked": {"when": when if when in WHEN else "", "kind": kind, "deputy": is_deputy},
    }
    template = "approvals/_inbox.html" if request.headers.get("HX-Target") == "papers" else "approvals/inbox.html"
    return render(request, template, context)


def draw_rows(rows: Iterable[WaitingRow], group: str, deputed: Mapping[str, Any]) -> SafeString:
    """Each row is the same template with other words in it, so it is drawn once."""
    before, after = around_key("approvals:paper_detail")
    templates = {
        is_deputed: skeleton("approvals/_inbox_row.html", (get_language(), group, is_deputed), partial(dict, group=group, is_deputed=is_deputed))
        for is_deputed in (False, True)
    }
    drawn = []
    for row in rows:
        principal = deputed.get(row.seat)
        values = {
            "url": f"{before}{row.paper_id}{after}",
            "title": escape(row.title),
            "principal": escape(principal.name) if principal else "",
            "about": escape(" · ".join(part for part in (row.kind, row.number, said(row.step_in)) if part)),
            "asked": escape(row.asked),
            "originator": escape(row.originator),
            "department": escape(row.department),
            "since": when_said(row.opened_at),
            "due": due(row.due_at),
            "amount": "" if row.amount is None else f"{Decimal(row.amount) / 100:,.2f}",
        }
        drawn.append(templates[principal is not None].fill(values))
    return mark_safe("".join(drawn))  # each was filled with escaped words


def _kinds(waiting: Iterable[Waiting]) -> list[dict[str, Any]]:
    """To choose from, in their order."""
    found = {one.kind_id: (one.kind_order, one.kind_id, one.kind) for one in waiting}
    return [{"pk": pk, "label": label} for _order, pk, label in sorted(found.values())]


def _heading(group: str) -> str:
    if group == "today":
        return _("Due today · %(day)s") % {"day": date_format(timezone.localdate(), "m-d")}
    return _("Overdue") if group == "late" else _("Later")
