"""Forms of the customers' site, and of what is done about it inside."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.customers.models import Customer
from crm.extranet.logins import LONGEST
from crm.extranet.selectors import delivered_lines_of
from crm.extranet.services.asking import LARGEST_MB, MOST_FILES
from crm.extranet.tokens import thing_key
from crm.marketing.models import MarketNote
from crm.orders.models.orders import LONGEST_REASON
from crm.service.models import Fault, RequestKind
from crm.service.models.requests import LONGEST as LONGEST_TEXT

LINES_WITHIN = timedelta(days=365)
MOST_LINES = 60
AREA = forms.Textarea(attrs={"rows": 5})
LOGIN = gettext_lazy("Telephone or e-mail")


class SignInForm(forms.Form):
    login = forms.CharField(label=LOGIN, max_length=LONGEST, widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}))
    password = forms.CharField(
        label=gettext_lazy("Password"), max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 8 characters, not only digits."),
    )
    again = forms.CharField(
        label=gettext_lazy("New password again"), max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "password" in values and "again" in values and values["password"] != values["again"]:
            self.add_error("again", _("The two are not the same."))
        return values


class JoinForm(NewPasswordForm):
    login = forms.CharField(label=LOGIN, max_length=LONGEST, widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}))
    field_order = ("login", "password", "again")


class OwnPasswordForm(NewPasswordForm):
    old = forms.CharField(
        label=gettext_lazy("Current password"), max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ("old", "password", "again")


class PersonForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    login = forms.CharField(label=LOGIN, max_length=LONGEST, help_text=gettext_lazy("They sign in with it."))


class InviteForm(PersonForm):
    is_first = forms.BooleanField(
        label=gettext_lazy("Keeps the firm's people"), required=False, help_text=gettext_lazy("Invites colleagues and takes them out again.")
    )


class QuestionForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("About what"), choices=RequestKind.choices)
    text = forms.CharField(label=gettext_lazy("Your question"), max_length=LONGEST_TEXT, widget=AREA)


class CancelForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=LONGEST_REASON, widget=forms.TextInput())


class MoreForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("What you want to add"), max_length=LONGEST_TEXT, widget=AREA)


class OwnWordForm(forms.Form):
    is_content = forms.TypedChoiceField(
        label=gettext_lazy("Are you content with it"),
        choices=[("yes", gettext_lazy("yes, it is settled")), ("no", gettext_lazy("no, look at it again"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=gettext_lazy("Your word"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("is_content") is False and not values.get("text", "").strip():
            self.add_error("text", _("Say what is not right yet."))
        return values


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several at once, as a list; looked at by the service alone."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return list(data) if isinstance(data, list | tuple) else [data] if data else []


class MarketForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=MarketNote.Kind.choices)
    text = forms.CharField(label=gettext_lazy("What is new"), max_length=LONGEST_TEXT, widget=AREA)
    place = forms.CharField(label=gettext_lazy("Where"), max_length=200, required=False)
    pictures = FilesField(label=gettext_lazy("Pictures or films"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pictures"].widget.attrs |= {"multiple": True, "accept": "image/*,video/*"}
        self.fields["pictures"].help_text = _("At most %(most)s, of %(size)s MB each.") % {"most": MOST_FILES, "size": LARGEST_MB}


class ComplaintForm(forms.Form):
    line = forms.ChoiceField(label=gettext_lazy("Which delivery"), required=False)
    quantity = forms.IntegerField(
        label=gettext_lazy("How much of it"), min_value=1, max_value=10_000_000, required=False, help_text=gettext_lazy("In base units: 条 for cigarettes.")
    )
    fault = forms.ChoiceField(label=gettext_lazy("About what"), choices=Fault.choices)
    text = forms.CharField(label=gettext_lazy("What happened"), max_length=LONGEST_TEXT, widget=AREA)
    pictures = FilesField(label=gettext_lazy("Pictures or films"), required=False)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = delivered_lines_of(customer).filter(order__placed_at__gt=timezone.now() - LINES_WITHIN)[:MOST_LINES]
        self.lines = {thing_key("line", line.pk): line for line in rows}
        said = [(key, f"{line.product.name} · {line.order.number} · {line.product.packing.said(line.delivered)}") for key, line in self.lines.items()]
        self.fields["line"].choices = [("", _("none: it is about no goods")), *said]  # type: ignore[attr-defined]
        self.fields["pictures"].widget.attrs |= {"multiple": True, "accept": "image/*,video/*"}
        self.fields["pictures"].help_text = _("At most %(most)s, of %(size)s MB each.") % {"most": MOST_FILES, "size": LARGEST_MB}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("line") and not values.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", _("Say how much of it."))
        return values
