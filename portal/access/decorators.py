"""Who may open a view at all; what they may see in it is for the policies."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from portal.access.registry import has_capability

View = Callable[..., HttpResponseBase]


def employee_required(view: View) -> View:
    """Signed in, and not a customer."""
    return _guarded(view, lambda user: user.is_employee, lambda: _("This page is for employees."))


def administrator_required(view: View) -> View:
    return _guarded(view, lambda user: user.is_superuser, lambda: _("This page is for administrators."))


def capability_required(code: str) -> Callable[[View], View]:
    """Signed in, and granted the capability."""

    def decorate(view: View) -> View:
        return _guarded(view, lambda user: has_capability(user, code), lambda: _("You have not been granted what this page needs. An administrator can do so."))

    return decorate


def _guarded(view: View, holds: Callable[[Any], bool], sentence: Callable[[], str]) -> View:
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not holds(request.user):
            raise PermissionDenied(sentence())
        return view(request, *args, **kwargs)

    return guarded
