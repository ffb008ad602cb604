"""Where the knowledge base stands in the frame."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.navigation import NavigationItem, register_navigation


def _is_employee(user: Any) -> bool:
    return bool(user.is_employee)


register_navigation(NavigationItem("knowledge", _("Knowledge base"), "book-open", "knowledge:map", order=30, is_allowed=_is_employee, key="k", group="main"))
register_creation(CreationItem(_("Article"), "book-open", "knowledge:article_create", order=20, is_allowed=_is_employee))
