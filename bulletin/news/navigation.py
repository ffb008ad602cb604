"""Where the news stands in the frame."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bulletin.news.policies import edits_news
from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.navigation import NavigationItem, register_navigation


def _is_employee(user: Any) -> bool:
    return bool(user.is_employee)


register_navigation(NavigationItem("news", _("News"), "newspaper", "bulletin:news", order=20, is_allowed=_is_employee, key="n", group="main"))
register_creation(CreationItem(_("News"), "newspaper", "bulletin:news_create", order=20, is_allowed=edits_news))
