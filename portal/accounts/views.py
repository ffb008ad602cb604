"""A person's own preferences and sessions; signing in is django-allauth's."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from portal.accounts.agents import agent_name
from portal.accounts.forms import PreferencesForm
from portal.accounts.middleware import COOKIE_PREFIX
from portal.accounts.services import end_session, end_sessions, save_preferences
from portal.foundation.navigation import allowed_navigation
from portal.foundation.returning import back_to

CHOICES = {"language": {code for code, _name in settings.LANGUAGES}, "theme": {"system", "light", "dark"}, "density": {"comfortable", "compact"}}
A_YEAR = 365 * 24 * 3600


@method_decorator(login_required, name="dispatch")
class PreferencesEditing(View):
    """Language, theme, density and start page; they follow the person to every machine."""

    def get(self, request: Any) -> HttpResponse:
        now = request.preferences
        initial = {"language": now.language, "theme": now.theme, "density": now.density, "start_page": now.start_page}
        return self._page(request, PreferencesForm(initial=initial, start_pages=self._start_pages(request)))

    def post(self, request: Any) -> HttpResponse:
        form = PreferencesForm(request.POST, start_pages=self._start_pages(request))
        if not form.is_valid():
            return self._page(request, form, status=422)
        save_preferences(request.user, **form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Saved."))
        return redirect("accounts:preferences")

    def _start_pages(self, request: HttpRequest) -> list[tuple[str, Any]]:
        return [("", _("Home")), *((item.url_name, item.label) for item in allowed_navigation(request.user) if item.code != "home")]

    def _page(self, request: HttpRequest, form: PreferencesForm, status: int = 200) -> HttpResponse:
        return render(request, "accounts/preferences.html", {"form": form}, status=status)


@require_POST
def preference_change(request: Any) -> HttpResponse:
    """One preference by a press in the frame; before signing in it is kept by the browser."""
    name, value = request.POST.get("name", ""), request.POST.get("value", "")
    if value not in CHOICES.get(name, ()):
        return HttpResponseBadRequest(_("There is no such preference."))
    response = back_to(request, request.POST.get("next", ""), otherwise=reverse("home:home"))
    if request.user.is_authenticated:
        save_preferences(request.user, **{name: value})
    else:
        response.set_cookie(COOKIE_PREFIX + name, value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    return response


@require_GET
@login_required
def session_list(request: Any) -> HttpResponse:
    """Where this person is signed in."""
    sessions = sorted(UserSession.objects.purge_and_list(request.user), key=lambda session: session.last_seen_at, reverse=True)
    rows = [
        {"session": session, "agent": agent_name(session.user_agent), "is_current": session.session_key == request.session.session_key} for session in sessions
    ]
    rows.sort(key=lambda row: not row["is_current"])
    return render(request, "accounts/session_list.html", {"rows": rows})


@require_POST
@login_required
def session_end(request: Any, pk: int) -> HttpResponse:
    """End one of one's own sessions."""
    end_session(get_object_or_404(UserSession, pk=pk, user=request.user), actor=request.user)
    messages.success(request, _("The session is ended."))
    return redirect("accounts:session_list")


@require_POST
@login_required
def session_end_others(request: Any) -> HttpResponse:
    count = end_sessions(request.user, except_key=request.session.session_key)
    messages.success(request, _("You are signed out everywhere else (%(count)s).") % {"count": count})
    return redirect("accounts:session_list")
