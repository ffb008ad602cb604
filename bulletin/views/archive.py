"""Finding what was published: the boards of all departments, by year and month, and what is about to expire."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from bulletin.listing import ADDRESSED, person_parameters
from bulletin.models import Notice
from bulletin.publishing import publishing_departments
from portal.access.decorators import employee_required
from portal.foundation.language import is_chinese
from portal.organization.places import open_departments

# Of each department: what is for this person, and the newest of it.
BOARDS = f"""
    SELECT n.department_id, count(*), max(n.published_at) FROM bulletin_notice n WHERE {ADDRESSED} GROUP BY n.department_id
"""  # noqa: S608  # constants
MONTHS = f"""
    SELECT extract(year FROM n.published_at AT TIME ZONE %(zone)s)::int, extract(month FROM n.published_at AT TIME ZONE %(zone)s)::int, count(*)
    FROM bulletin_notice n WHERE {ADDRESSED} GROUP BY 1, 2 ORDER BY 1 DESC, 2 DESC
"""  # noqa: S608
AHEAD = timedelta(days=60)
MOST = 300


@require_GET
@employee_required
def board_list(request: HttpRequest) -> HttpResponse:
    """Every department's board, with how much of it is for me."""
    with connection.cursor() as cursor:
        cursor.execute(BOARDS, person_parameters(request.user))
        counts = {pk: (number, newest) for pk, number, newest in cursor.fetchall()}
    departments = open_departments()
    own = set(publishing_departments(request.user))
    rows = [
        dict(zip(("number", "newest"), counts.get(department.pk, (0, None)), strict=True), department=department, is_own=department.pk in own)
        for department in departments
        if department.pk in counts or department.pk in own
    ]
    return render(request, "bulletin/board_list.html", {"rows": rows, "silent": [one for one in departments if one.pk not in counts and one.pk not in own]})


@require_GET
@employee_required
def archive(request: HttpRequest) -> HttpResponse:
    """Years and months in which something was published for me, with how much."""
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, person_parameters(request.user) | {"zone": timezone.get_current_timezone_name()})
        years: dict[int, list[tuple[int, int]]] = {}
        for year, month, number in cursor.fetchall():
            years.setdefault(year, []).append((month, number))
    listed = [{"year": year, "total": sum(number for _month, number in months), "months": months} for year, months in years.items()]
    return render(request, "bulletin/archive.html", {"years": listed})


@require_GET
@employee_required
def calendar(request: HttpRequest) -> HttpResponse:
    """What ends in the coming weeks, by day: notices that expire, confirmations that are due, topics that close."""
    today = timezone.localdate()
    until = today + AHEAD
    current = Notice.objects.addressed_to(request.user).select_related("department")
    days: dict[date, list[dict[str, Any]]] = {}

    def add(day: date, what: str, notice: Notice) -> None:
        days.setdefault(day, []).append({"what": what, "notice": notice, "department": notice.department.label})

    end = timezone.now() + AHEAD
    for notice in current.filter(shown_until__lte=end)[:MOST]:
        add(timezone.localtime(notice.shown_until).date(), "expires", notice)
    for notice in current.awaiting_confirmation_by(request.user).filter(confirm_by__gte=timezone.now(), confirm_by__lte=end)[:MOST]:
        add(timezone.localtime(notice.confirm_by).date(), "confirm", notice)
    for notice in current.filter(kind=Notice.Kind.TOPIC, topic_closed_at__isnull=True, closes_on__range=(today, until))[:MOST]:
        add(notice.closes_on, "closes", notice)
    context = {"days": sorted(days.items()), "ahead": AHEAD.days, "is_chinese": is_chinese()}
    return render(request, "bulletin/calendar.html", context)
