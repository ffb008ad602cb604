"""Seeing the site as another person sees it: for administrators, read only, on record, without anything personal."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import InternalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access.backends import load_person
from portal.access.standings import standing_of
from portal.accounts.models import User
from portal.audit.origin import current_origin
from portal.audit.services import record
from portal.foundation.resolving import module_of

SESSION_KEY = "view_as"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
PERSONAL_MODULES = ("allauth.", "portal.accounts.", "portal.notifications.")
READ_ONLY_SQLSTATE = "25006"


def personal(view: Any) -> Any:
    """Mark a view as personal: it is never opened while an administrator views the site as someone else."""
    view.is_personal = True
    return view


@transaction.atomic
def start_view_as(request: HttpRequest, *, person: User, actor: User, reason: str) -> None:
    """From the next request on, this session sees what `person` sees. Refuses without a reason, and other administrators."""
    if not actor.is_superuser:
        raise PermissionDenied(_("Only administrators may view the site as someone else."))
    if person.is_superuser or not person.is_active:
        raise PermissionDenied(_("The site cannot be viewed as an administrator or as someone whose account is not active."))
    if not reason.strip():
        raise PermissionDenied(_("Say why: the reason goes on record."))
    record(actor, "view_as.started", person, reason=reason)
    request.session[SESSION_KEY] = person.pk


@transaction.atomic
def end_view_as(request: HttpRequest, *, actor: User) -> None:
    """Be oneself again."""
    person = User.objects.filter(pk=request.session.pop(SESSION_KEY, None)).first()
    if person is not None:
        record(actor, "view_as.ended", person)


class ViewAsMiddleware:
    """Puts the other person in `request.user`, keeps the administrator in `request.real_user`, and lets nothing be written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.real_user = request.user
        request.view_as = None
        if SESSION_KEY not in request.session or not request.user.is_superuser or request.path_info == reverse("access:view_as_end"):
            return self.get_response(request)
        person = load_person(request.session[SESSION_KEY])
        if person is None or not person.is_active or person.is_superuser:
            del request.session[SESSION_KEY]
            return self.get_response(request)
        return self._answer_as(request, person)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> None:
        if getattr(request, "view_as", None) is None:
            return
        if request.method not in SAFE_METHODS:
            raise PermissionDenied(_("You are viewing the site as someone else: nothing can be changed."))
        if is_personal(view):
            raise PermissionDenied(_("This is personal, and stays closed while you view the site as someone else."))

    def process_exception(self, request: Any, exception: Exception) -> None:
        if isinstance(exception, InternalError) and getattr(exception.__cause__, "sqlstate", None) == READ_ONLY_SQLSTATE:
            request.write_was_refused = True

    def _answer_as(self, request: Any, person: User) -> HttpResponse:
        """Answer in a transaction in which the database itself refuses to write, whatever a view may try."""
        administrator = request.user
        standing_of(person)  # a stale one is renewed here, while writing is possible
        with transaction.atomic():
            record(administrator, "view_as.page", person, after={"path": request.get_full_path()[:500], "method": request.method})
        request.view_as = request.user = person
        token = current_origin.set(replace(current_origin.get(), on_behalf_of=f"{administrator.name} ({administrator.employee_number})"))
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION READ ONLY")
                response = self.get_response(request)
        finally:
            current_origin.reset(token)
        if getattr(request, "write_was_refused", False):
            return render(request, "403.html", {"reason": _("You are viewing the site as someone else: nothing can be changed.")}, status=403)
        return response


def is_personal(view: Any) -> bool:
    is_marked = getattr(view, "is_personal", False) or getattr(getattr(view, "view_class", None), "is_personal", False)
    return bool(is_marked) or module_of(view).startswith(PERSONAL_MODULES)
