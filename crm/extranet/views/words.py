"""What customers say to an answer or a decision: more of it, that it is settled, or that it is not."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.extranet.forms import MoreForm, OwnWordForm
from crm.extranet.guards import account_required
from crm.extranet.selectors import by_key, objections_of, requests_of
from crm.extranet.tokens import thing_key
from crm.extranet.views.service import OutsidePage
from crm.service.errors import ServiceError
from crm.service.models import Objection, Request
from crm.service.services.words import say_on_request, say_word, thank_for_request


def _request(request: Any, key: str) -> Request:
    found: Request = by_key("request", requests_of(request.account.customer), key)
    return found


@method_decorator(account_required, name="dispatch")
class More(OutsidePage):
    form_class = MoreForm
    heading = gettext_lazy("Add something")
    submit = gettext_lazy("Send")

    def load(self, request: Any, **kwargs: Any) -> Request:
        return _request(request, kwargs["key"])

    def back_url(self) -> str:
        return reverse("extranet:request_detail", args=[thing_key("request", self.subject.pk)])

    def save(self, request: Any, values: dict[str, Any]) -> str:
        say_on_request(self.subject, actor=request.account.user, **values)
        return _("It is with %(person)s.") % {"person": self.subject.owner.name}


@require_POST
@account_required
def thanks(request: Any, key: str) -> HttpResponse:
    found = _request(request, key)
    try:
        thank_for_request(found, actor=request.account.user)
        messages.success(request, _("Thank you. It is settled."))
    except ServiceError as error:
        messages.error(request, str(error))
    return redirect("extranet:request_detail", key=key)


@method_decorator(account_required, name="dispatch")
class Word(OutsidePage):
    form_class = OwnWordForm
    heading = gettext_lazy("Your word on it")
    submit = gettext_lazy("Send")
    note = gettext_lazy("If you are not content, it is looked at and judged anew.")

    def load(self, request: Any, **kwargs: Any) -> Objection:
        found: Objection = by_key("objection", objections_of(request.account.customer), kwargs["key"])
        return found

    def back_url(self) -> str:
        return reverse("extranet:objection_detail", args=[thing_key("objection", self.subject.pk)])

    def save(self, request: Any, values: dict[str, Any]) -> str:
        say_word(self.subject, actor=request.account.user, **values)
        return _("Thank you. It is settled.") if values["is_content"] else _("It is open again, and looked at anew.")
