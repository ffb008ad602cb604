"""Home's panel of papers."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.approvals.inbox import count_waiting, in_order, waiting_for
from portal.approvals.views.inbox import what_is_asked
from portal.foundation.widgets import Widget, register_widget

MOST = 5


def _waiting(request: Any) -> dict[str, Any] | None:
    if not request.user.is_employee or not (count := count_waiting(request.user)):
        return None
    rows = [(task, what_is_asked(task)) for task in in_order(waiting_for(request.user))[:MOST]]
    return {"rows": rows, "count": count, "more_url": reverse("approvals:inbox")}


register_widget(Widget("approvals.waiting", _("Papers that wait for me"), "approvals/_waiting_widget.html", _waiting, column="main", order=11))
