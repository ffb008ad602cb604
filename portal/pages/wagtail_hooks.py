"""The editor's menus: the boards and the way back, and nothing that is closed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.menu import MenuItem

from portal.pages.editing.listing import EditorPages
from portal.pages.editor import opens
from portal.pages.models import AudiencedPage
from portal.pages.tree import child

CLOSED_ACTIONS = {
    "action-unpublish", "action-submit", "action-restart-workflow", "action-cancel-workflow", "approve", "reject", "action-approve", "action-reject",
}  # fmt: skip


class PortalMenuItem(ActionMenuItem):
    """A way from the page that is being written to the portal's page about it."""

    def __init__(self, name: str, label: Any, icon_name: str, url: str, order: int) -> None:
        super().__init__(order)
        self.name, self.label, self.icon_name, self.url = name, label, icon_name, url

    def is_shown(self, context: dict[str, Any]) -> bool:
        return True

    def get_url(self, parent_context: Any) -> str:
        return self.url


@hooks.register("register_admin_viewset")
def list_pages() -> EditorPages:
    return EditorPages()


@hooks.register("insert_global_admin_css")
def look_like_the_portal() -> SafeString:
    return format_html_join("", '<link rel="stylesheet" href="{}">', ((static(name),) for name in ("css/rich-text.css", "editor/editor.css")))


@hooks.register("construct_admin_api")
def name_what_is_absent(api: Any) -> None:
    """Every page of the editor names these addresses, though we have neither; like all of its interface, they are closed."""
    for name in ("images", "documents"):
        api.register_endpoint(name, PagesAdminAPIViewSet)


@hooks.register("construct_main_menu")
def keep_the_boards(_request: Any, items: list[MenuItem]) -> None:
    items[:] = [
        MenuItem(_("Boards"), reverse("wagtailadmin_explore_root"), name="boards", icon_name="folder-open-inverse", order=1),
        MenuItem(_("Back to the portal"), reverse("home:home"), name="portal", icon_name="home", order=2),
    ]


@hooks.register("construct_settings_menu")
@hooks.register("construct_reports_menu")
@hooks.register("construct_help_menu")
def offer_nothing(_request: Any, items: list[MenuItem]) -> None:
    items[:] = []


@hooks.register("construct_page_action_menu")
def keep_what_is_open(items: list[Any], _request: Any, context: dict[str, Any]) -> None:
    """No unpublishing; and no publishing past the second person."""
    page = context.get("page")
    closed = CLOSED_ACTIONS | ({"action-publish"} if page is not None and getattr(page.specific, "has_workflow", False) else set())
    items[:] = [item for item in items if item.name not in closed]
    if page is not None and page.pk and isinstance(page.specific, AudiencedPage):
        items.append(PortalMenuItem("portal-preview", _("Preview in the portal"), "view", page.specific.preview_url, order=90))
        if page.specific.approval_url:
            items.append(PortalMenuItem("portal-approval", _("Approval in the portal"), "clipboard-list", page.specific.approval_url, order=91))


@hooks.register("before_create_page")
def make_once(request: Any, parent_page: Any, page_class: Any) -> HttpResponse | None:
    """The form of a new page makes one, however often it is sent; whoever comes back to it is led to what it made."""
    key = request.POST.get("key") or request.GET.get("key", "")
    made = child(parent_page, page_class, slug=key) if key and issubclass(page_class, AudiencedPage) else None
    return redirect("wagtailadmin_pages:edit", made.pk) if made is not None else None


@hooks.register("before_publish_page")
def publish_by_the_rules(request: Any, page: Any) -> HttpResponse:
    """The editor's own way to publish would ask no rule of ours: publish what it has just saved the way everyone does, and go back.

    A refusal leaves the draft saved; the guard of the editor says it.
    """
    specific = page.specific
    specific.publish(specific.get_latest_revision(), user=request.user, skip_permission_checks=True)
    stored = type(specific).objects.get(pk=page.pk)
    if stored.live_revision_id == specific.get_latest_revision().pk:
        messages.success(request, _("It is published."))
    else:
        messages.success(request, _("Its publication is planned."))
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("construct_page_listing_buttons")
def keep_open_buttons(buttons: list[Any], page: Any, user: Any, context: Any = None) -> None:
    buttons[:] = [button for button in buttons if button.url is None or opens(user, button.url)]
