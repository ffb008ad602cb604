"""A customer's page, its history, and the forms that write it."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm.customers.duplicates import alike, alike_beside
from crm.customers.errors import ChangedMeanwhileError
from crm.customers.forms import ChangeCustomerForm, DealingForm, MoveForm, NewCustomerForm
from crm.customers.identifiers import read_licence, read_phone, read_uscc
from crm.customers.models import Customer, CustomerVersion
from crm.customers.panels import panels_of
from crm.customers.policies import works_with_customers
from crm.customers.reading import read_changes, read_file
from crm.customers.services.customers import change_customer, create_customer, move_customer
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.foundation.asking import read_words
from portal.foundation.errors import PortalError
from portal.foundation.form_pages import FormPage
from portal.foundation.moments import DayField
from portal.foundation.once import FIELD, new_key
from portal.organization.querysets import today

Crumbs = list[tuple[str, str]]


def crumbs_of(customer: Customer) -> Crumbs:
    return [
        (_("Customers"), reverse("crm:customer_list")),
        (customer.portfolio.name, reverse("crm:portfolio_detail", args=[customer.portfolio_id])),
    ]


def load_customer(request: HttpRequest, pk: int, action: str = "view") -> Customer:
    """The file at an address; of one that was merged, the file into which it went."""
    return get_permitted(Customer, user=request.user, action=action, rows=Customer.objects.select_related("portfolio__department"), kin=pk)


@require_safe
@employee_required
def customer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The file today, or as it was known at the end of a past day (`?on=2026-03-03`)."""
    customer = load_customer(request, pk)
    if customer.pk != pk:
        return redirect(customer)
    field, wrong, on = DayField(required=False), "", None
    try:
        on = field.clean(request.GET.get("on", ""))
    except ValidationError as error:
        wrong = " ".join(error.messages)
    file = read_file(customer, request.user, on=on)
    may_change = can(request.user, "change", customer)
    context = {
        "customer": customer,
        "file": file,
        "on": on if file is None or file.is_past else None,
        "wrong": wrong,
        "today": today(),
        "crumbs": crumbs_of(customer),
        "may_change": may_change and file is not None and not file.is_past,
        "may_move": can(request.user, "move", customer),
        "may_merge": can(request.user, "merge", customer),
        "form": DealingForm() if may_change else None,
        "key_field": FIELD,
        "key": new_key(),
        "panels": panels_of(customer, request.user) if file is not None and not file.is_past else [],
        "alike": alike_beside(request.user, customer) if may_change else [],
    }
    return render(request, "crm/customer_detail.html", context)


@require_safe
@employee_required
def customer_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What was changed, by whom, when and why."""
    customer = load_customer(request, pk)
    if customer.pk != pk:
        return redirect("crm:customer_history", customer.pk)
    return render(request, "crm/customer_history.html", {"customer": customer, "crumbs": crumbs_of(customer), "changes": read_changes(customer, request.user)})


@require_safe
@employee_required
def customers_alike(request: HttpRequest) -> HttpResponse:
    """Those that may be the same as what is being typed; a half number says nothing yet."""
    if not works_with_customers(request.user):
        return HttpResponse(status=403)
    found = alike(
        request.user,
        name=read_words(request.GET, "name"),
        licence_no=_read(read_licence, request, "licence_no"),
        uscc=_read(read_uscc, request, "uscc"),
        phones=[number for number in [_read(lambda text: read_phone(text).normal, request, "phones")] if number],
    )
    return render(request, "crm/_alike.html", {"alike": found})


def _read(read: Any, request: HttpRequest, name: str) -> str:
    try:
        return str(read(read_words(request.GET, name)))
    except ValueError:
        return ""


@method_decorator(employee_required, name="dispatch")
class CustomerCreate(FormPage):
    form_class = NewCustomerForm
    template_name = "crm/customer_form.html"
    heading = gettext_lazy("New customer")
    submit = gettext_lazy("Take up")
    is_new_thing = True
    made: Customer | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        if not works_with_customers(request.user):
            raise PermissionDenied(_("The file of customers is for those who work with customers."))

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def crumbs(self) -> Crumbs:
        return [(_("Customers"), reverse("crm:customer_list"))]

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:customer_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = create_customer(actor=request.user, **values)
        return _("%(name)s is in the file now, with the number %(code)s.") % {"name": self.made.name, "code": self.made.code}


class CustomerPage(FormPage):
    """One form about a customer."""

    action = "change"

    def load(self, request: HttpRequest, **kwargs: Any) -> Customer:
        return load_customer(request, kwargs["pk"], self.action)

    def crumbs(self) -> Crumbs:
        return [*crumbs_of(self.subject), (self.subject.name, self.subject.get_absolute_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class CustomerUpdate(CustomerPage):
    form_class = ChangeCustomerForm
    heading = gettext_lazy("Change the file")
    submit = gettext_lazy("Save")

    def initial(self) -> dict[str, Any]:
        names = [name for name in ChangeCustomerForm.base_fields if name not in ("reason", "seen")]
        seen = CustomerVersion.objects.open().values_list("version", flat=True).get(row=self.subject.pk)
        return {name: getattr(self.subject, name) for name in names} | {"seen": seen}

    def refused(self, request: HttpRequest, form: Any, error: PortalError) -> Any:
        """Where somebody else wrote into the same fields, theirs stands beside what was typed, and saving again is on purpose."""
        if not isinstance(error, ChangedMeanwhileError):
            return super().refused(request, form, error)
        again = self.form_class({**request.POST.dict(), "seen": str(error.seen)})
        again.add_error(None, str(error))
        for name, sentence in error.fields.items():
            again.add_error(name, sentence)
        return again

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_customer(self.subject, actor=request.user, **values)
        return _("Saved.")


@method_decorator(employee_required, name="dispatch")
class CustomerMove(CustomerPage):
    action = "move"
    form_class = MoveForm
    heading = gettext_lazy("Put into another portfolio")
    submit = gettext_lazy("Put there")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        move_customer(self.subject, actor=request.user, **values)
        return _("%(name)s is in the portfolio %(portfolio)s now.") % {"name": self.subject.name, "portfolio": values["to"].name}
