"""The boards: what is for me, a department's board, and marking all as read."""

import time
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bulletin.listing import BoardList, NoticeFilter, NoticeRow, counts_for
from bulletin.loading import department_of_board
from bulletin.models import Notice
from bulletin.publishing import publishing_departments
from bulletin.services.readers import mark_all_read
from portal.access.decorators import employee_required
from portal.access.standings import standing_of
from portal.foundation.asking import read_number, read_words
from portal.foundation.language import is_chinese
from portal.foundation.moments import read_day, read_moment
from portal.foundation.pages import SlidingPaginator
from portal.foundation.returning import back_to

PER_PAGE = 15
SHOWN_TABS = 4
NAMES_HOLD = 120
KINDS = frozenset(Notice.Kind.values)
DEPARTMENTS = """
    SELECT id, name, name_en FROM organization_department
    WHERE id = ANY(%s) AND (closed_on IS NULL OR closed_on > current_date) ORDER BY path DESC LIMIT %s
"""


@require_GET
@employee_required
def board(request: HttpRequest, department_id: int | None = None) -> HttpResponse:
    """What is for me, of all departments or of one. Everything asked stands in the address; what is pinned comes first, then what is unread."""
    department = None
    if department_id is not None:
        department = department_of_board(department_id)  # boards are open to every employee
    counts = counts_for(request.user)
    asked = asked_filter(request, department_id)
    found = BoardList(request.user, asked)
    page = SlidingPaginator(found, PER_PAGE).get_page(request.GET.get("page", ""))
    rows: dict[str, list[NoticeRow]] = {}
    for row in page.object_list:
        rows.setdefault(row.part, []).append(row)
    context = {
        "department": department,
        "asked": asked,
        "page": page,
        "pinned": rows.get("pinned", []),
        "unread": rows.get("unread", []),
        "rows": rows.get("read", []) + rows.get("all", []),
        "counts": counts,
        "total": found.total,
        "base": reverse("bulletin:board"),
        "tabs": own_departments(request.user),
        "year": timezone.localdate().year,
        "seen_until": timezone.now().isoformat(),
        "may_publish": bool(publishing_departments(request.user)),
    }
    template = "bulletin/_notices.html" if request.headers.get("HX-Target") == "notices" else "bulletin/board.html"
    return render(request, template, context)


@require_GET
@employee_required
def arrivals(request: HttpRequest) -> HttpResponse:
    """How many have been published for me since a moment: a line to press, or nothing; and the counts at the filters as they are now."""
    since = read_moment(request.GET.get("since", "").replace(" ", "+"))
    number = 0
    if since is not None:
        number = Notice.objects.addressed_to(request.user).filter(published_at__gt=since)[:100].count()
    context = {"number": number, "since": request.GET.get("since", ""), "counts": counts_for(request.user)}
    return render(request, "bulletin/_arrivals.html", context)


@require_POST
@employee_required
def all_read(request: HttpRequest) -> HttpResponse:
    """Mark as read what was there when the page was drawn, not what came since."""
    mark_all_read(actor=request.user, until=read_moment(request.POST.get("until", "")) or timezone.now())
    return back_to(request, request.POST.get("next", ""), otherwise=reverse("bulletin:board"))


def asked_filter(request: HttpRequest, department_id: int | None) -> NoticeFilter:
    """The filter in the address. What is not on the lists counts as not asked (S38)."""
    asked: Any = request.GET
    kind, confirmation = asked.get("kind", ""), asked.get("confirmation", "")
    starts_on, ends_on = _period(asked)
    return NoticeFilter(
        department_id=department_id if department_id is not None else read_number(asked, "department") or None,
        kind=kind if kind in KINDS else "",
        starts_on=starts_on,
        ends_on=ends_on,
        confirmation=confirmation if confirmation in {"waiting", "overdue", "confirmed"} else "",
        is_unread="unread" in asked,
        words=read_words(asked),
    )


def own_departments(user: Any) -> list[tuple[int, str]]:
    """The departments whose boards stand beside what is for me: where the person works, and those above, the nearest first."""
    ids = tuple(sorted({int(token[5:].rstrip("+")) for token in standing_of(user).tokens if token.startswith("dept:")}))
    return _named(ids, is_chinese(), int(time.monotonic() / NAMES_HOLD))


@lru_cache(maxsize=4_096)
def _named(ids: tuple[int, ...], in_chinese: bool, _age: int) -> list[tuple[int, str]]:
    """Names of departments, as they were some minutes ago at most."""
    with connection.cursor() as cursor:
        cursor.execute(DEPARTMENTS, [list(ids), SHOWN_TABS])
        return [(pk, name if in_chinese else name_en or name) for pk, name, name_en in cursor.fetchall()]


def _period(asked: Any) -> tuple[date | None, date | None]:
    """`year`, `year` and `month`, or days `from` and `to`."""
    year, month = read_number(asked, "year"), read_number(asked, "month")
    if 1990 <= year <= 2200:
        if 1 <= month <= 12:
            end = date(year + month // 12, month % 12 + 1, 1)
            return date(year, month, 1), date.fromordinal(end.toordinal() - 1)
        return date(year, 1, 1), date(year, 12, 31)
    return read_day(asked.get("from", "")), read_day(asked.get("to", ""))
