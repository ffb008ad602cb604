"""Forms of service."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.catalogue.forms import YuanField
from crm.customers.callers import callers
from crm.customers.identifiers import read_phone
from crm.customers.models import Customer, Tier
from crm.service.models import Channel, RequestKind, ResponseRule
from crm.service.models.requests import LONGEST, MOST_HOURS
from portal.access.policies import visible_to
from portal.calendar.clocks import Measure
from portal.directory.fields import PersonField

MOST_NAMED = 8
AREA = forms.Textarea(attrs={"rows": 3})


def customers_named(user: Any, text: str) -> list[Customer]:
    """Whom a number as the telephone shows it, a customer number, a name or pinyin fits; of those whom this person may see."""
    try:
        read_phone(text)
    except ValueError:
        pass
    else:
        return list(dict.fromkeys(one.customer for one in callers(user, text)))
    words = text.lower().split()[:6]
    rows = visible_to(Customer, user).select_related("portfolio")
    exact = list(rows.filter(Q(code__in=[word.upper() for word in words]) | Q(code__in=words))[:1])
    if exact or not words:
        return exact
    for word in words:
        rows = rows.filter(found_by__contains=word)
    return list(rows.order_by("name_pinyin", "pk")[: MOST_NAMED + 1])


class WhoForm(forms.Form):
    """Who asks: found by number or name. Where several fit, `which` asks; where none does, it is noted under what was typed, on purpose."""

    who = forms.CharField(
        label=pgettext_lazy("of a request", "Who asks"), max_length=100, help_text=gettext_lazy("Number of the caller, customer number, name or pinyin."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    is_unknown = forms.BooleanField(label=gettext_lazy("Not in the file of customers"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].widget.attrs["autofocus"] = True
        text = str(self.data.get("who", "")).replace("\x00", "").strip()[:100] if self.is_bound else ""
        self.found = customers_named(user, text) if text else []
        if len(self.found) > 1:
            choices = [(str(one.pk), f"{one.name} {one.code} · {one.portfolio.name}") for one in self.found[:MOST_NAMED]]
            self.fields["which"] = forms.ChoiceField(label=gettext_lazy("Which of them"), choices=choices, widget=forms.RadioSelect, required=False)
            self.order_fields(["who", "which", "is_unknown"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        which, is_unknown = values.pop("which", ""), values.pop("is_unknown", False)
        customer, caller = None, values.pop("who", "")
        if len(self.found) == 1:
            customer = self.found[0]
        elif len(self.found) > 1:
            customer = next((one for one in self.found if str(one.pk) == which), None)
            if customer is None and not is_unknown and caller:
                self.add_error("which", _("%(who)s fits several customers. Which of them asks?") % {"who": caller})
        elif caller and not is_unknown:
            self.add_error("is_unknown", _("No customer that you may look up fits “%(who)s”. Tick this to note it all the same.") % {"who": caller})
        return values | {"customer": customer, "caller": "" if customer is not None else caller}


class RequestForm(WhoForm):
    text = forms.CharField(label=pgettext_lazy("of a request", "What is asked"), max_length=LONGEST, widget=AREA)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=RequestKind.choices)
    channel = forms.ChoiceField(label=gettext_lazy("Way"), choices=Channel.choices)
    owner = PersonField(label=pgettext_lazy("of a request", "Owner"), required=False, help_text=gettext_lazy("Empty: you."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["who", "which", "is_unknown", "text", "kind", "channel", "owner"])


class NameForm(WhoForm):
    """Whose a request is, once that is known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_unknown"]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("customer") is None and not self.errors:
            raise ValidationError(_("No customer that you may look up fits."))
        return {"customer": values.get("customer")}

    def add_error(self, field: Any, error: Any) -> None:
        super().add_error("who" if field == "is_unknown" else field, _("No customer that you may look up fits.") if field == "is_unknown" else error)


class SomeYuanField(YuanField):
    """A sum in yuan, or nothing, which is nought."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        return super().clean(value) if str(value or "").strip() else 0


class SaidForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("What was said or done"), max_length=LONGEST, widget=AREA)


class WaitForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("What is waited for"), max_length=200)


class SolveForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("What solved it"), max_length=LONGEST, widget=AREA)
    fee = SomeYuanField(label=gettext_lazy("Fee, yuan"), help_text=gettext_lazy("What the customer pays for it; empty: nothing."))


class HandOnForm(forms.Form):
    to = PersonField(label=pgettext_lazy("of a handover", "To"))
    note = forms.CharField(label=gettext_lazy("What there is to know"), max_length=500, widget=AREA)


class ResponseRuleForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[("", gettext_lazy("any")), *RequestKind.choices], required=False)
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=[("", gettext_lazy("any")), *Tier.choices], required=False)
    answer_hours = forms.IntegerField(label=gettext_lazy("First answer within, hours"), min_value=1, max_value=MOST_HOURS)
    solve_hours = forms.IntegerField(label=gettext_lazy("Solved within, hours"), min_value=1, max_value=MOST_HOURS)
    measure = forms.ChoiceField(label=gettext_lazy("Which hours count"), choices=Measure.choices)

    @classmethod
    def of(cls, rule: ResponseRule | None) -> dict[str, Any]:
        if rule is None:
            return {"answer_hours": 8, "solve_hours": 24}
        return {name: getattr(rule, name) for name in cls.base_fields}
