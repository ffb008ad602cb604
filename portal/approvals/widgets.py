"""Home's panel of papers."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.approvals.inbox import read_rows, read_waiting
from portal.foundation.widgets import Widget, register_widget

MOST = 5


def _waiting(request: Any) -> dict[str, Any] | None:
    if not request.user.is_employee or not (waiting := read_waiting(request.user)):
        return None
    return {"rows": read_rows(waiting[:MOST]), "count": len(waiting), "more_url": reverse("approvals:inbox")}


LABEL, TEMPLATE = _("Papers that wait for me"), "approvals/_waiting_widget.html"
register_widget(Widget("approvals.waiting", LABEL, TEMPLATE, _waiting, column="main", order=11, listens="papers"))
