"""Home's panels of the boards."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bulletin.listing import NoticeFilter, NoticeList, NoticeRow, counts_for
from bulletin.models.approvals import waiting_for
from portal.foundation.widgets import Widget, register_widget

MOST = 8
MOST_WAITING = 5


def notices_panel(request: Any) -> dict[str, Any] | None:
    """What is pinned first, then the newest that is unread, filled up with what was read."""
    if not request.user.is_employee:
        return None
    rows: dict[int, NoticeRow] = {row.pk: row for row in NoticeList(request.user, part="pinned")[0:3]}
    for part in ("unread", "all"):
        if len(rows) < MOST:
            rows |= {row.pk: row for row in NoticeList(request.user, part=part)[0:MOST] if row.pk not in rows}  # type: ignore[arg-type]
    return {"rows": list(rows.values())[:MOST], "counts": counts_for(request.user)}


def _waiting(request: Any) -> dict[str, Any] | None:
    if not request.user.is_employee or not counts_for(request.user).waiting:
        return None
    return {"rows": NoticeList(request.user, NoticeFilter(confirmation="waiting"))[0:MOST_WAITING], "counts": counts_for(request.user)}


def _approvals(request: Any) -> dict[str, Any] | None:
    if not request.user.is_employee:
        return None
    rows = list(waiting_for(request.user)[:MOST_WAITING])
    return {"rows": rows} if rows else None


register_widget(Widget("bulletin.approvals", _("Waits for my approval"), "bulletin/_approvals_widget.html", _approvals, column="main", order=12))
register_widget(Widget("bulletin.waiting", _("To confirm"), "bulletin/_waiting_widget.html", _waiting, column="main", order=15))
register_widget(Widget("bulletin.notices", _("Notices"), "bulletin/_notices_widget.html", notices_panel, column="main", order=20))
