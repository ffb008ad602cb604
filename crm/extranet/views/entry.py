"""Before one is in: signing in, accepting an invitation; and out again."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.extranet.errors import ExtranetError
from crm.extranet.forms import JoinForm, SignInForm
from crm.extranet.logins import masked
from crm.extranet.middleware import PREFIX, THEMES
from crm.extranet.services.accounts import accept, find_invitation
from crm.extranet.services.signing_in import LASTS, begin, sign_in, sign_out
from portal.audit.middleware import client_address
from portal.foundation.asking import read_words
from portal.foundation.returning import back_to

A_YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: Any) -> HttpResponse:
    form = SignInForm(request.POST or None)
    target = read_words(request.POST or request.GET, "next", longest=500)
    if request.method == "POST" and form.is_valid():
        try:
            token, _row = sign_in(**form.cleaned_data, address=client_address(request) or "", agent=request.headers.get("User-Agent", ""))
        except ExtranetError as error:
            form.add_error(None, str(error))
        else:
            return _entered(request, back_to(request, target, otherwise=reverse("extranet:home")), token)
    status = 422 if request.method == "POST" else 200
    return render(request, "sign_in.html", {"form": form, "next": target, "heading": _("Sign in")}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Any, token: str) -> HttpResponse:
    """An invitation, or a new password. Opening the link uses it up for nobody: only the password does."""
    try:
        invitation = find_invitation(token)
    except ExtranetError as error:
        return render(request, "sentence.html", {"heading": _("The link does not hold"), "sentence": str(error), "is_entry": True}, status=410)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = accept(invitation, login=form.cleaned_data["login"], password=form.cleaned_data["password"])
        except ExtranetError as error:
            form.add_error(None, str(error))
        else:
            if request.sign_in is not None:
                sign_out(request.sign_in)
            messages.success(request, _("Welcome. From now on you sign in with your number or address and this password."))
            token, _row = begin(account, address=client_address(request) or "", agent=request.headers.get("User-Agent", ""))
            return _entered(request, redirect("extranet:home"), token)
    context = {
        "form": form,
        "invitation": invitation,
        "firm": invitation.customer.root.name,
        "known_as": masked(invitation.login),
        "heading": _("A new password") if invitation.account_id else _("You are invited"),
    }
    return render(request, "join.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def sign_out_now(request: Any) -> HttpResponse:
    if request.sign_in is not None:
        sign_out(request.sign_in)
    response = redirect("extranet:sign_in")
    response.delete_cookie(settings.SESSION_COOKIE_NAME)
    return response


@require_POST
def look_change(request: HttpRequest) -> HttpResponse:
    """Language or theme; the browser keeps it."""
    name, value = request.POST.get("name", ""), request.POST.get("value", "")
    known = {"language": {code for code, _name in settings.LANGUAGES}, "theme": set(THEMES)}
    if value not in known.get(name, ()):
        return HttpResponseBadRequest(_("There is no such preference."))
    response = back_to(request, request.POST.get("next", ""), otherwise="/")
    response.set_cookie(PREFIX + name, value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


def _entered(request: HttpRequest, response: HttpResponse, token: str) -> HttpResponse:
    rotate_token(request)
    response.set_cookie(
        settings.SESSION_COOKIE_NAME, token, max_age=int(LASTS.total_seconds()), httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response
