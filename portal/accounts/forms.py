"""Signing in, asking for a new password, and preferences."""

from typing import Any, ClassVar

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts.adapters import fold_number
from portal.accounts.models import Preferences, User
from portal.accounts.services import request_password_reset
from portal.foundation.navigation import Words


class OwnLabels(forms.Form):
    """Labels in the portal's words, beside the fields instead of in them."""

    labels: ClassVar[dict[str, Words]] = {
        "login": _("Employee number"),
        "password": _("Password"),
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
        "code": _("Code"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & self.labels.keys():
            self.fields[name].label = str(self.labels[name])
            self.fields[name].widget.attrs.pop("placeholder", None)


class PasswordForm(OwnLabels, ChangePasswordForm):
    pass


class NewPasswordForm(OwnLabels, ResetPasswordKeyForm):
    pass


class ConfirmationForm(OwnLabels, ReauthenticateForm):
    pass


class CodeForm(OwnLabels, AuthenticateForm):
    pass


class CodeConfirmationForm(OwnLabels, CodeReauthenticateForm):
    pass


class AppForm(OwnLabels, ActivateTOTPForm):
    pass


class SignInForm(OwnLabels, LoginForm):
    shared_machine = forms.BooleanField(
        label=_("This is a shared machine"),
        required=False,
        help_text=_("You are signed out after a few minutes without use, and nothing is remembered."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        self.fields["password"].help_text = ""
        self.order_fields(["login", "password", "shared_machine"])

    def full_clean(self) -> None:
        """What is to be written again after a refusal is the password."""
        super().full_clean()
        if self.errors and self.data.get("login"):
            self.fields["login"].widget.attrs.pop("autofocus", None)
            self.fields["password"].widget.attrs["autofocus"] = True

    def clean_login(self) -> str:
        return fold_number(self.cleaned_data["login"])

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> Any:
        response = super().login(request, redirect_url=redirect_url)
        request.session["shared_machine"] = self.cleaned_data["shared_machine"]
        if self.cleaned_data["shared_machine"]:
            request.session.set_expiry(settings.ENVIRONMENT.shared_session_minutes * 60)
        return response


class ForgottenPasswordForm(ResetPasswordForm):
    """Takes an employee number or an address; says the same whether there is such a person or not (S32)."""

    email = forms.CharField(label=_("Employee number or email"), max_length=254)

    @property
    def is_offered(self) -> bool:
        """Links in mail need a mail server and an address that does not come from the request (or anyone could forge it)."""
        return bool(settings.ENVIRONMENT.email_url and settings.PUBLIC_URL)

    def clean_email(self) -> str:
        text = fold_number(self.cleaned_data["email"])
        people = User.objects.active().exclude(email="").filter(Q(employee_number=text) | Q(email__iexact=text))
        self.users = list(people[:5])
        return text

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if self.is_offered:
            request_password_reset(self.users)
        return self.cleaned_data["email"]


class PreferencesForm(forms.ModelForm):
    class Meta:
        model = Preferences
        fields = ["language", "theme", "density", "start_page"]

    def __init__(self, *args: Any, start_pages: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = [("zh-hans", "中文"), ("en", "English")]
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=languages, widget=forms.RadioSelect)
        self.fields["theme"] = forms.ChoiceField(label=_("Theme"), choices=Preferences.Theme.choices, widget=forms.RadioSelect)
        self.fields["density"] = forms.ChoiceField(label=_("Density"), choices=Preferences.Density.choices, widget=forms.RadioSelect)
        self.fields["start_page"] = forms.ChoiceField(
            label=_("Start page"), choices=start_pages, required=False, help_text=_("Where you are taken after signing in.")
        )
