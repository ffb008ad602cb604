"""Forms of the customers' file."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.customers.identifiers import Phone, read_licence, read_phone, read_uscc
from crm.customers.models import Customer, Portfolio
from crm.customers.models.customers import LONGEST_NAME, Stage
from crm.customers.models.dealings import LONGEST, Dealing
from crm.customers.policies import held_portfolios, written_portfolios
from portal.directory.fields import DepartmentField, PersonField
from portal.foundation.moments import DayField, MomentField, refuse_turned

MOST_PHONES = 6


class ReadField(forms.CharField):
    """A text that `read` brings into its one form, or refuses with a sentence."""

    def __init__(self, read: Callable[[str], str], **kwargs: Any) -> None:
        self.read = read
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return self.read(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class PhonesField(forms.CharField):
    """Telephone numbers, one on each line or with commas between."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 2, "inputmode": "tel"}), required=False, **kwargs)

    def clean(self, value: Any) -> list[Phone]:  # type: ignore[override]
        text = super().clean(value)
        parts = [part for part in text.replace("，", "\n").replace(",", "\n").replace("；", "\n").replace(";", "\n").splitlines() if part.strip()]
        if len(parts) > MOST_PHONES:
            raise ValidationError(_("No more than %(number)s numbers.") % {"number": MOST_PHONES})
        found: dict[tuple[str, str], Phone] = {}
        for part in parts:
            try:
                phone = read_phone(part)
            except ValueError as error:
                raise ValidationError(str(error)) from error
            found[phone.normal, phone.extension] = phone
        return list(found.values())


class PortfolioField(forms.ModelChoiceField):
    """An open portfolio of those that the person may write."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Portfolio.objects.filter(closed_on__isnull=True), label=gettext_lazy("Portfolio"), **kwargs)


class CustomerForm(forms.Form):
    """The file itself."""

    name = forms.CharField(label=pgettext_lazy("of a firm", "Name"), max_length=LONGEST_NAME, help_text=gettext_lazy("As the licence or the shop's sign says."))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Customer.Kind.choices)
    stage = forms.ChoiceField(label=gettext_lazy("Stage of life"), choices=[("", "---------"), *Stage.choices], required=False)
    market = forms.ChoiceField(label=gettext_lazy("Market"), choices=[("", "---------"), *Customer.Market.choices], required=False)
    trade = forms.ChoiceField(label=gettext_lazy("Trade"), choices=[("", "---------"), *Customer.Trade.choices], required=False)
    licence_no = ReadField(read_licence, label=gettext_lazy("Licence number"), max_length=40, required=False)
    licence_ends_on = DayField(label=gettext_lazy("Licence ends on"), required=False)
    uscc = ReadField(read_uscc, label=gettext_lazy("Unified social credit code"), max_length=40, required=False)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=1_000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class NewCustomerForm(CustomerForm):
    code = forms.CharField(
        label=gettext_lazy("Customer number"), max_length=20, required=False, help_text=gettext_lazy("Empty: the next number of the plant's own series.")
    )
    phones = PhonesField(
        label=gettext_lazy("Telephone of the shop"), help_text=gettext_lazy("Numbers of people are added with the people, once they have agreed.")
    )
    field_order = ("portfolio", "name", "phones", "licence_no", "code")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["portfolio"] = portfolio = PortfolioField()
        portfolio.queryset = written_portfolios(user).filter(closed_on__isnull=True)
        if (held := held_portfolios(user)) and not portfolio.initial:
            portfolio.initial = held[0]
        self.order_fields(self.field_order)


class ChangeCustomerForm(CustomerForm):
    ended_on = DayField(label=gettext_lazy("Closed on"), required=False, help_text=gettext_lazy("The last day, where the firm has given up. Its file stays."))
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200, required=False, help_text=gettext_lazy("Stands in the history of the file."))
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ContactForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    role = forms.CharField(label=gettext_lazy("Role"), max_length=40, required=False, help_text=gettext_lazy("Owner, buyer, receives the goods."))
    phones = PhonesField(label=gettext_lazy("Telephone"), help_text=gettext_lazy("One on each line; an extension behind 转."))
    agreed_on = DayField(
        label=gettext_lazy("Agreed on"),
        required=False,
        help_text=gettext_lazy("When they agreed that the plant keeps and uses these numbers. Until then they are not shown."),
    )
    agreed_until = DayField(label=gettext_lazy("Agreed until"), required=False)
    purpose = forms.CharField(label=gettext_lazy("Agreed for"), max_length=100, required=False, help_text=gettext_lazy("Orders and deliveries, for instance."))
    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=200, required=False)
    ended_on = DayField(label=gettext_lazy("Left on"), required=False, help_text=gettext_lazy("They are no longer there from this day on."))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("agreed_on"), values.get("agreed_until")
        if last and not first:
            self.add_error("agreed_on", _("Say since when they agree."))
        refuse_turned(self, values, "agreed_on", "agreed_until")
        return values


class DealingForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Dealing.Kind.choices)
    text = forms.CharField(label=gettext_lazy("What was said"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
    happened_at = MomentField(label=gettext_lazy("When"), required=False, help_text=gettext_lazy("Empty: now."))
    promise = forms.CharField(label=gettext_lazy("What is promised"), max_length=200, required=False)
    due_on = DayField(label=gettext_lazy("Promised until"), required=False)


class MoveForm(forms.Form):
    to = PortfolioField()
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)


class PortfolioForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a firm", "Name"), max_length=60)


class NewPortfolioForm(PortfolioForm):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=20)
    department = DepartmentField(label=gettext_lazy("Department"))


class HandoverForm(forms.Form):
    to = PersonField(label=pgettext_lazy("of a handover", "To"))
    starts_on = DayField(label=gettext_lazy("From"))
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200, required=False)
