"""People at a customer, and what was said to them."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.customers.forms import ContactForm, DealingForm
from crm.customers.models import Contact, Customer, Dealing
from crm.customers.services.customers import keep_contact
from crm.customers.services.dealings import keep_promise, note_dealing
from crm.customers.views.customers import CustomerPage, load_customer
from portal.access.decorators import employee_required
from portal.foundation.form_pages import ActPage


@method_decorator(employee_required, name="dispatch")
class ContactCreate(CustomerPage):
    form_class = ContactForm
    heading = gettext_lazy("Add somebody")
    submit = gettext_lazy("Add")
    is_new_thing = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        made = keep_contact(self.subject, actor=request.user, **values)
        return _("%(name)s is in the file now.") % {"name": made.name}


@method_decorator(employee_required, name="dispatch")
class ContactUpdate(CustomerPage):
    form_class = ContactForm
    heading = gettext_lazy("Change somebody")
    submit = gettext_lazy("Save")
    contact: Contact

    def load(self, request: HttpRequest, **kwargs: Any) -> Customer:
        customer = super().load(request, **kwargs)
        contact = Contact.objects.filter(customer__root=customer.pk, pk=kwargs["contact"]).first()
        if contact is None:
            raise Http404
        self.contact = contact
        return customer

    def initial(self) -> dict[str, Any]:
        points = self.contact.reach_points.filter(ended_on__isnull=True)
        values = {name: getattr(self.contact, name) for name in ContactForm.base_fields if name != "phones"}
        return values | {"phones": "\n".join(str(point) for point in points)}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        keep_contact(self.subject, actor=request.user, contact=self.contact, **values)
        return _("Saved.")


@method_decorator(employee_required, name="dispatch")
class DealingCreate(CustomerPage):
    form_class = DealingForm
    heading = gettext_lazy("Note what was said")
    submit = pgettext_lazy("verb", "Note")
    is_new_thing = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        note_dealing(self.subject, actor=request.user, **values)
        return _("Noted.")


@method_decorator(employee_required, name="dispatch")
class PromiseKept(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Dealing:
        customer = load_customer(request, kwargs["pk"], "change")
        dealing = Dealing.objects.filter(pk=kwargs["dealing"], customer__root=customer.pk).select_related("customer__root").first()
        if dealing is None:
            raise Http404
        return dealing

    def back_url(self) -> str:
        return reverse("crm:customer_detail", args=[self.subject.customer.root_id])

    def act(self, request: HttpRequest) -> str:
        keep_promise(self.subject, actor=request.user)
        return _("Done: %(promise)s") % {"promise": self.subject.promise}
