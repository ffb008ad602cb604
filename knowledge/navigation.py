"""Where the knowledge base stands in the frame."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knowledge.services.shelves import writing_departments
from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.navigation import NavigationItem, register_navigation


def _is_employee(user: Any) -> bool:
    return bool(user.is_employee)


def _writes_policies(user: Any) -> bool:
    return user.is_employee and bool(writing_departments(user))


register_navigation(NavigationItem("knowledge", _("Knowledge base"), "book-open", "knowledge:map", order=30, is_allowed=_is_employee, key="k", group="main"))
register_creation(CreationItem(_("Article"), "book-open", "knowledge:article_create", order=20, is_allowed=_is_employee))
register_navigation(
    NavigationItem("policies", _("Policies"), "shield-check", "knowledge:policy_list", order=40, is_allowed=_is_employee, key="p", group="main")
)
register_creation(CreationItem(pgettext_lazy("of any kind", "Policy"), "shield-check", "knowledge:policy_create", order=25, is_allowed=_writes_policies))
