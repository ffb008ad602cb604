"""What django-allauth asks the portal: nobody signs up, people start where they like, and every sign-in is on record."""

import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.services import change_password
from portal.audit.services import record
from portal.outbox.services import enqueue


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The number or the password is not right."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, or ask an administrator."),
        "rate_limited": _("Too many attempts. Wait five minutes, or ask an administrator."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("The password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Full width and upper case are the same number, so they count as the same attempt (S32)."""
        if "username" in credentials:
            credentials["username"] = fold_number(credentials["username"])
        return super().authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        with transaction.atomic():
            record(None, "sign_in.failed", after={"employee_number": credentials.get("username", "")[:32]})

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            record(user, "sign_in.succeeded", user, after={"shared_machine": bool(request.session.get("shared_machine"))})
        return super().post_login(request, user, **kwargs)

    def logout(self, request: HttpRequest) -> None:
        """Signing out closes the session's sockets too."""
        person = request.user
        super().logout(request)
        if person.is_authenticated:
            with transaction.atomic():
                record(person, "sign_out.done", person)
                enqueue("sessions.ended", {"user_id": person.pk}, at_once=True)

    def set_password(self, user: Any, password: str) -> None:
        change_password(user, password=password)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The person's start page."""
        preferences = getattr(request.user, "stored_preferences", None)
        try:
            return reverse(preferences.start_page) if preferences and preferences.start_page else reverse(settings.LOGIN_REDIRECT_URL)
        except NoReverseMatch:
            return reverse(settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Whoever has a new password has come to work with the portal."""
        return self.get_login_redirect_url(request)

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any) -> None:
        """Signing in and out needs no words, a password that was changed does; what else is worth saying, our own pages say."""
        if message_template == "account/messages/password_changed.txt" and request.user.is_authenticated:
            messages.success(request, _("The password is changed."))
        elif level >= messages.ERROR and request.resolver_match and request.resolver_match.url_name == "mfa_login_webauthn":
            messages.error(request, _("This passkey does not sign you in here. Use your password, or ask an administrator."))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Changes of passwords and factors are on record; mail about them is not sent."""


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _("This code is not right. Wait for the next one and try again.")}

    def get_totp_issuer(self) -> str:
        """What the authenticator app shows."""
        return str(settings.ENVIRONMENT.plant_name)


def fold_number(text: str) -> str:
    """An employee number as it is stored: half width, lower case, without spaces around."""
    return unicodedata.normalize("NFKC", text).strip().lower()
