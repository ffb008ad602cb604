"""Wagtail's editor, narrowed to what writers need and guarded in one place.

In the editor nobody is a superuser and no group counts: a person enters if they may publish somewhere today, and opens the pages below
their own boards. Every address that is not on the list is closed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import ResolverMatch, resolve
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.users.models import UserProfile

from portal.foundation.errors import PortalError
from portal.pages.registry import workplaces_of

View = Callable[..., HttpResponseBase]

OPEN = frozenset(
    {
        "wagtailadmin_home",
        "wagtailadmin_account",
        "wagtailadmin_logout",
        "wagtailadmin_explore_root",
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_dismissibles",
        *(
            f"wagtailadmin_pages:{name}"
            for name in (
                "add", "edit", "add_subpage", "search", "search_results", "lock", "unlock",
                "revisions_index", "revisions_view", "revisions_revert", "revisions_compare",
                "workflow_history", "workflow_history_detail", "history", "history_results",
            )
        ),
        "wagtailadmin_editing_sessions:ping",
        "wagtailadmin_editing_sessions:release",
    }
)  # fmt: skip
PAGE_ARGUMENTS = ("page_id", "parent_page_id", "pk", "object_id")


def as_editor(view: View) -> View:
    """Guard one of Wagtail's views: 404 for an address that is not open or a page that is not the person's, 403 for who may publish nowhere."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        match = request.resolver_match
        if match is None or match.view_name not in OPEN:
            raise Http404
        branches = [page.path for page in workplaces_of(request.user)]
        if not branches:
            raise PermissionDenied(_("The editor is for those who publish for a department."))
        _refuse_foreign_pages(match.kwargs, branches, walks_down=match.view_name.startswith("wagtailadmin_explore"))
        _bind_editor(request.user, request.preferences)  # type: ignore[attr-defined]
        try:
            return view(request, *args, **kwargs)
        except PortalError as refusal:
            return _refused(request, match, str(refusal))

    return guarded


def _refused(request: HttpRequest, match: ResolverMatch, sentence: str) -> HttpResponseBase:
    """What a service refuses is said on the page that it was asked from; nothing was changed."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"success": False, "error_code": "refused", "error_message": sentence}, status=400)
    messages.error(request, sentence)
    page_id = match.kwargs.get("page_id")
    return redirect("wagtailadmin_pages:edit", page_id) if page_id is not None else redirect("wagtailadmin_explore_root")


def _refuse_foreign_pages(kwargs: dict[str, Any], branches: list[str], *, walks_down: bool) -> None:
    """Of any page that the address names, in whichever argument: it stands on one of these branches, or leads down to one."""
    for name in PAGE_ARGUMENTS:
        if name not in kwargs:
            continue
        path = Page.objects.filter(pk=kwargs[name]).values_list("path", flat=True).first() if str(kwargs[name]).isdigit() else None
        if path is None or not any(path.startswith(branch) or (walks_down and branch.startswith(path)) for branch in branches):
            raise Http404


def opens(user: Any, url: str) -> bool:
    """Whether this address of the editor is on the list, and about a page of this person's."""
    match = resolve(urlsplit(url).path)
    if match.view_name not in OPEN:
        return False
    try:
        _refuse_foreign_pages(match.kwargs, [page.path for page in workplaces_of(user)], walks_down=match.view_name.startswith("wagtailadmin_explore"))
    except Http404:
        return False
    return True


def _bind_editor(user: Any, preferences: Any) -> None:
    """Wagtail asks the person's own flags, groups, name and looks; for this request they say what an editor is, and can be saved by nobody."""
    user.is_superuser = False
    user.has_perm = _has_perm
    user.save = _refuse_save
    user.first_name = user.name
    user.wagtail_userprofile = UserProfile(
        theme=preferences.theme, density="snug" if preferences.density == "compact" else "default", current_time_zone=settings.TIME_ZONE
    )


def _has_perm(permission: str, obj: Any = None) -> bool:
    return permission == "wagtailadmin.access_admin"


def _refuse_save(*args: Any, **kwargs: Any) -> NoReturn:
    raise RuntimeError("a person is not saved from within the editor")
