"""Taking out again what an import brought."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.models import Intake
from crm.customers.services.many import ask_undo
from portal.access.decorators import capability_required
from portal.foundation.form_pages import ActPage


@method_decorator(capability_required(KEEP_CUSTOMERS), name="dispatch")
class IntakeUndo(ActPage):
    def load(self, request: HttpRequest, **kwargs: int) -> Intake:
        return get_object_or_404(Intake, pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("crm:customer_import_list")

    def act(self, request: HttpRequest) -> str:
        ask_undo(self.subject, actor=request.user)
        return _("It is being taken out. You are told when it is done.")
