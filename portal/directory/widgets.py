"""Home's panel of those who are away today."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.access.standings import standing_of
from portal.directory.absences import away_on
from portal.foundation.widgets import Widget, register_widget
from portal.organization.querysets import today

MOST = 8


def _absent(request: HttpRequest) -> dict[str, Any] | None:
    """Who is away today: heads of any department, and everyone in the reader's own."""
    own = [int(token[5:]) for token in standing_of(request.user).tokens if token.startswith("dept:") and not token.endswith("+")]
    rows, count = away_on(today(), departments=own, limit=MOST)
    return {"rows": rows, "count": count} if rows else None


register_widget(Widget("absent", _("Away today"), "directory/_absent.html", _absent, column="side", order=30, is_allowed=lambda user: user.is_employee))
