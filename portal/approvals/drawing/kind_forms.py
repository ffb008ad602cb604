"""What a kind is called, how it is numbered, and who begins a paper of it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.access.forms import AudienceField
from portal.approvals.models import PaperKind


class NewKindForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    note = forms.CharField(label=gettext_lazy("What it is for"), max_length=200, required=False)
    number_prefix = forms.CharField(
        label=gettext_lazy("Prefix of its numbers"), max_length=20, help_text=gettext_lazy("Such as 采计, for 采计〔2026〕12号. No other kind has the same.")
    )
    source = forms.ChoiceField(label=gettext_lazy("Begun as a copy of"), required=False)
    rule = AudienceField(label=gettext_lazy("Who may begin one"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = PaperKind.objects.filter(form__isnull=False).order_by("order", "pk")
        self.fields["source"].choices = [("", _("nothing, draw it anew")), *((kind.code, kind.label) for kind in kinds)]  # type: ignore[attr-defined]

    def clean_number_prefix(self) -> str:
        prefix = str(self.cleaned_data["number_prefix"]).strip()
        if any(sign in prefix for sign in "〔〕[]{}"):
            raise ValidationError(_("Write the prefix alone, without brackets."))
        return prefix


class KindForm(NewKindForm):
    numbered_at = forms.ChoiceField(label=gettext_lazy("It is numbered"), choices=PaperKind.NumberedAt.choices)
    is_open = forms.BooleanField(label=gettext_lazy("Papers of it can be begun"), required=False)
    source = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **kwargs)
