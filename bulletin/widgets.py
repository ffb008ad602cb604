"""Home's panels of the boards."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bulletin.listing import NoticeFilter, NoticeList, NoticeRow, counts_for, lists_together
from bulletin.models import Notice
from bulletin.publishing import publishing_departments
from portal.foundation.widgets import Widget, register_widget
from portal.pages.approval import waiting_for

MOST = 8
MOST_PINNED = 3
MOST_WAITING = 5


def _notices(request: Any) -> dict[str, Any] | None:
    """What is pinned first, then the newest that is unread, filled up with what was read."""
    if not request.user.is_employee:
        return None
    counts = counts_for(request.user)
    pinned, unread, newest, _waiting_rows = _rows(request.user)
    rows = {row.pk: row for row in (*pinned, *unread, *newest)}
    return {"rows": list(rows.values())[:MOST], "counts": counts}


def _waiting(request: Any) -> dict[str, Any] | None:
    """What can still be confirmed in time, or nearly so; what is overdue for long is one line, however much it is."""
    if not request.user.is_employee or not counts_for(request.user).waiting:
        return None
    rows, counts = _rows(request.user)[3], counts_for(request.user)
    is_more = counts.waiting > len(rows)
    overdue = NoticeList(request.user, NoticeFilter(confirmation="overdue")).count() if is_more else 0
    return {"rows": rows, "counts": counts, "overdue": overdue, "is_more": counts.waiting > len(rows) + overdue}


def _rows(user: Any) -> list[list[NoticeRow]]:
    """What both panels show, asked together and kept for the request: pinned, unread, newest, waiting for a confirmation."""
    known: list[list[NoticeRow]] | None = getattr(user, "_home_notices", None)
    if known is None:
        asked = [(NoticeList(user, part="pinned"), MOST_PINNED), (NoticeList(user, part="unread"), MOST), (NoticeList(user), MOST)]
        known = user._home_notices = lists_together([*asked, (NoticeList(user, NoticeFilter(confirmation="current")), MOST_WAITING)])
    return known


def _approvals(request: Any) -> dict[str, Any] | None:
    if not request.user.is_employee or not publishing_departments(request.user):
        return None
    rows = list(waiting_for(request.user, Notice)[:MOST_WAITING])
    return {"rows": rows} if rows else None


register_widget(Widget("bulletin.approvals", _("Waits for my approval"), "bulletin/_approvals_widget.html", _approvals, column="main", order=12))
register_widget(Widget("bulletin.waiting", _("To confirm"), "bulletin/_waiting_widget.html", _waiting, column="main", order=15, listens="bell"))
register_widget(Widget("bulletin.notices", _("Notices"), "bulletin/_notices_widget.html", _notices, column="main", order=20, listens="bell"))
