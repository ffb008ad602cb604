"""Home's panel of the news."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bulletin.news.listing import lead_for, news_for
from portal.foundation.widgets import Widget, register_widget

MOST = 5


def _news(request: Any) -> dict[str, Any] | None:
    """The lead story and the newest five others."""
    if not request.user.is_employee:
        return None
    lead = lead_for(request.user)
    if lead is None:
        return None
    return {"lead": lead, "rows": list(news_for(request.user).exclude(pk=lead.pk)[:MOST]), "more_url": reverse("bulletin:news")}


register_widget(Widget("bulletin.news", _("News"), "bulletin/news/_news_widget.html", _news, column="side", order=30))
