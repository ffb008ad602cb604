"""The form of a visit, made for a telephone."""

import re
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.activities.models import Promise, Visit
from crm.activities.models.visits import LONGEST, MOST_FEN
from crm.activities.policies import customers_visited_by
from crm.customers.models import Customer
from portal.attachments.forms import AttachmentsField, AttachmentsWidget
from portal.foundation.moments import MomentField
from portal.organization.querysets import today

MOST_OFFERED = 600
MOST_RIVALS = 20


class VisitedField(forms.ChoiceField):
    """One of those offered, what is planned for today first; also one that was merged or moved since the page was made."""

    def valid_value(self, value: Any) -> bool:
        return str(value).isdecimal() and len(str(value)) < 19

    def clean(self, value: Any) -> Customer:
        pk = super().clean(value)
        found = Customer.objects.filter(pk=pk).first()
        if found is None:
            raise ValidationError(_("This customer is not in the file any more."))
        return found


class PhotosWidget(AttachmentsWidget):
    """A plain choice of files: they go with the form, and not before."""

    template_name = "crm/activities/_photos.html"


class RivalsField(forms.CharField):
    """A rival on each line: name, product, price in yuan."""

    def clean(self, value: Any) -> list[tuple[str, str, int | None]]:
        found = []
        for line in super().clean(value).splitlines():
            parts = [part for part in re.split(r"[\s,，;；、]+", line.strip()) if part]
            if not parts:
                continue
            fen = None
            if len(parts) > 1 and re.fullmatch(r"[\d.]+元?", parts[-1]):
                fen = _fen(parts.pop().removesuffix("元"), line)
            found.append((parts[0][:60], " ".join(parts[1:])[:60], fen))
        if len(found) > MOST_RIVALS:
            raise ValidationError(_("No more than %(number)s rivals.") % {"number": MOST_RIVALS})
        return found


def _fen(text: str, line: str) -> int:
    try:
        fen = Decimal(text) * 100
    except InvalidOperation as error:
        raise ValidationError(_("“%(line)s”: the price is no number.") % {"line": line[:60]}) from error
    if fen != fen.to_integral_value() or not 1 <= fen <= MOST_FEN:
        raise ValidationError(_("“%(line)s”: a price is yuan with two places at most.") % {"line": line[:60]})
    return int(fen)


class VisitForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    device_now = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    customer = VisitedField(label=gettext_lazy("Customer"))
    said_at = MomentField(label=gettext_lazy("Arrived"))
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=Visit.Purpose.choices)
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=Visit.Outcome.choices)
    results = forms.CharField(label=gettext_lazy("What came of it"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    opinions = forms.CharField(label=gettext_lazy("What they say"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    hands_on = forms.BooleanField(
        label=gettext_lazy("Hand what they say to service"),
        required=False,
        initial=True,
        help_text=gettext_lazy("It becomes a request with a clock; you own it."),
    )
    sheet_out = forms.BooleanField(label=gettext_lazy("Information sheet left"), required=False)
    sheet_back = forms.BooleanField(label=gettext_lazy("Information sheet came back"), required=False)
    tags_out = forms.IntegerField(label=gettext_lazy("Price tags handed out"), required=False, min_value=0, max_value=9_999)
    material = forms.CharField(label=gettext_lazy("Material handed out"), max_length=200, required=False)
    stock = forms.CharField(label=gettext_lazy("Stock seen"), max_length=300, required=False)
    rivals = RivalsField(
        label=gettext_lazy("Rivals seen"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One on each line: name, product, price."),
    )
    file_ids = AttachmentsField(label=gettext_lazy("Photos"), widget=PhotosWidget)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["file_ids"].belongs_to(user)
        fields["customer"].choices = offered(user)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["tags_out"] = values.get("tags_out") or 0
        if (said := values.get("said_at")) and not values.get("device_now") and said > timezone.now() + timedelta(minutes=10):
            self.add_error("said_at", _("What lies in the future was not visited yet. Check the time."))
        return values


def offered(user: Any) -> list[tuple[str, Any]]:
    """Today's in the order of the line, then all others: one page is enough for a day without a net."""
    rows = customers_visited_by(user).filter(ended_on__isnull=True).order_by("name_pinyin", "pk").values_list("pk", "name", "code")[:MOST_OFFERED]
    names = {pk: f"{name} {code}" for pk, name, code in rows}
    planned = Promise.objects.filter(planned_on=today(), state=Promise.State.OPEN, customer__in=names).order_by("customer__line_place__place", "customer")
    first = list(dict.fromkeys(planned.values_list("customer", flat=True)))
    others = [(str(pk), name) for pk, name in names.items() if pk not in set(first)]
    return [("", "---------"), *([(_("Planned today"), [(str(pk), names[pk]) for pk in first])] if first else []), (_("Others"), others)]
