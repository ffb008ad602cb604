"""Writing into the dossier of a customer, and what stood there before."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.customers.field_rights import DOSSIER
from crm.customers.models import Customer, DossierEntry
from crm.customers.models.dossiers import LONGEST
from crm.customers.services.dossiers import add_to_dossier
from crm.customers.views.customers import CustomerPage, crumbs_of, load_customer
from portal.access.decorators import employee_required
from portal.attachments.forms import AttachmentsField
from portal.attachments.queries import shown_on, shown_on_each
from portal.foundation.moments import DayField, refuse_turned


class DossierForm(forms.Form):
    heading = forms.ChoiceField(label=gettext_lazy("Heading"), choices=DossierEntry.Heading.choices)
    text = forms.CharField(label=gettext_lazy("What is known"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))
    number = forms.CharField(label=gettext_lazy("Number"), max_length=60, required=False, help_text=gettext_lazy("Of the agreement or the certificate."))
    starts_on = DayField(label=gettext_lazy("From"), required=False)
    ends_on = DayField(label=pgettext_lazy("of a period", "To"), required=False, help_text=gettext_lazy("The last day. It is marked two months before."))
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("From where it is known: a visit, the register of firms, a report."),
    )
    file_ids = AttachmentsField()

    def __init__(self, *args: Any, user: Any, entry: DossierEntry | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file_ids"].belongs_to(user, entry)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        refuse_turned(self, values, "starts_on", "ends_on")
        return values


def load_entry(request: HttpRequest, customer: Customer, pk: int) -> DossierEntry:
    entry = DossierEntry.objects.of(customer).filter(pk=pk).select_related("author").first()
    if entry is None:
        raise Http404
    return entry


@method_decorator(employee_required, name="dispatch")
class DossierAdd(CustomerPage):
    form_class = DossierForm
    heading = gettext_lazy("Add to the dossier")
    submit = gettext_lazy("Add")
    is_new_thing = True

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def initial(self) -> dict[str, Any]:
        heading = self.request.GET.get("heading", "")
        return {"heading": heading if heading in DossierEntry.Heading.values else DossierEntry.Heading.AGREEMENT}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        add_to_dossier(self.subject, actor=request.user, **values)
        return _("It is in the dossier.")


@method_decorator(employee_required, name="dispatch")
class DossierReplace(CustomerPage):
    """What is known now takes the place of what was known before, which stays to be read."""

    form_class = DossierForm
    heading = gettext_lazy("Replace by what is known now")
    submit = gettext_lazy("Replace")
    is_new_thing = True
    entry: DossierEntry

    def load(self, request: HttpRequest, **kwargs: Any) -> Customer:
        customer = super().load(request, **kwargs)
        self.entry = load_entry(request, customer, kwargs["entry"])
        return customer

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, "entry": self.entry}

    def initial(self) -> dict[str, Any]:
        names = [name for name in DossierForm.base_fields if name != "file_ids"]
        return {name: getattr(self.entry, name) for name in names} | {"file_ids": [row.pk for row in shown_on(self.entry)]}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        add_to_dossier(self.subject, actor=request.user, replaces=self.entry, **values)
        return _("Replaced. What stood there before can still be read.")


@require_safe
@employee_required
def dossier_entry(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """What stood in one place of the dossier, newest first."""
    customer = load_customer(request, pk, DOSSIER)
    chain = [load_entry(request, customer, entry)]
    while (before := chain[-1].replaces) is not None:
        chain.append(before)
    files = shown_on_each(chain)
    for one in chain:
        one.files = files[one.pk]
    crumbs = [*crumbs_of(customer), (customer.name, customer.get_absolute_url())]
    return render(request, "crm/dossier_entry.html", {"customer": customer, "chain": chain, "crumbs": crumbs})
