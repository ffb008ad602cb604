"""Home's panel of the news."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bulletin.news.listing import lead_and_newest
from portal.foundation.widgets import Widget, register_widget

MOST = 5


def _news(request: Any) -> dict[str, Any] | None:
    """The lead story and the newest five others."""
    if not request.user.is_employee:
        return None
    stories = lead_and_newest(request.user, MOST)
    return {"lead": stories[0], "rows": stories[1:], "more_url": reverse("bulletin:news")} if stories else None


register_widget(Widget("bulletin.news", _("News"), "bulletin/news/_news_widget.html", _news, column="side", order=30))
