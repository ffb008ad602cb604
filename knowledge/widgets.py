"""Home's panels of the knowledge base."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from knowledge.keeping import keeps_something
from knowledge.models import Article
from portal.foundation.widgets import Widget, register_widget
from portal.pages.approval import waiting_for

MOST = 5


def _waiting(request: Any) -> dict[str, Any] | None:
    """What waits for those who keep a category; nobody else is asked about."""
    if not request.user.is_employee or not keeps_something(request.user):
        return None
    rows = list(waiting_for(request.user, Article).select_related("category", "latest_revision__user")[:MOST])
    return {"rows": rows} if rows else None


register_widget(Widget("knowledge.waiting", _("Articles to admit"), "knowledge/_waiting_widget.html", _waiting, column="main", order=13))
