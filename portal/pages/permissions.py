"""What a person may do to pages in Wagtail: it follows from the organization, by code, and is asked anew in every request."""

from functools import cache
from typing import Any

from django.contrib.auth.models import Permission
from wagtail.models import GroupPagePermission, Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

from portal.accounts.models import User
from portal.pages.registry import workplaces_of

CODES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")


class OrganizationPagePolicy(PagePermissionPolicy):
    """Writers have their departments' branches, and nothing else; administrators have no more here than others."""

    def get_all_permissions_for_user(self, user: Any) -> Any:
        if not user.is_authenticated or not user.is_active:
            return []
        permissions = page_permissions()
        return [GroupPagePermission(page=page, permission=permission) for page in workplaces_of(user) for permission in permissions]

    def users_with_any_permission(self, actions: Any, include_superusers: bool = True) -> Any:
        """No group says so; whom to tell is asked of the policy of the page's model."""
        return User.objects.none()

    users_with_any_permission_for_instance = users_with_any_permission


@cache
def page_permissions() -> list[Permission]:
    return list(Permission.objects.filter(codename__in=CODES, content_type__app_label="wagtailcore", content_type__model="page").select_related("content_type"))


register_permission_policy(Page, OrganizationPagePolicy(Page))
