"""Asking and complaining, and the course of both."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm.catalogue.units import say_yuan
from crm.extranet.forms import ComplaintForm, MarketForm, QuestionForm
from crm.extranet.guards import account_required
from crm.extranet.selectors import by_key, files_of, find_file, news_of, objections_of, requests_of
from crm.extranet.services.asking import ask_as, complain_as, send_news_as, take_files
from crm.extranet.tokens import thing_key
from crm.service.models import Objection, ObjectionStep, Request, RequestEvent
from crm.service.services.objections import taken_up_until
from crm.service.services.words import is_thanked
from portal.attachments.serving import serve_file
from portal.foundation.asking import read_words
from portal.foundation.form_pages import FormPage
from portal.organization.querysets import today

MOST = 50
TOLD = (RequestEvent.Kind.NOTED, RequestEvent.Kind.ANSWERED, RequestEvent.Kind.WAITED, RequestEvent.Kind.SOLVED, RequestEvent.Kind.REOPENED)


@require_safe
@account_required
def service_list(request: Any) -> HttpResponse:
    customer = request.account.customer
    context = {
        "requests": [(row, thing_key("request", row.pk)) for row in requests_of(customer)[:MOST]],
        "objections": [(row, thing_key("objection", row.pk)) for row in objections_of(customer)[:MOST]],
        "news": [(row, thing_key("market", row.pk)) for row in news_of(customer)[:MOST]],
    }
    return render(request, "service.html", context)


@require_safe
@account_required
def request_detail(request: Any, key: str) -> HttpResponse:
    """What was asked and what was answered. What was noted among ourselves stays inside."""
    found = by_key("request", requests_of(request.account.customer), key)
    events = [(event, _is_own(event)) for event in found.events.select_related("actor") if event.text and (event.kind in TOLD or _is_own(event))]
    context = {"asked": found, "key": key, "events": events, "thanks": found.state == Request.State.SOLVED and not is_thanked(found)}
    return render(request, "request_detail.html", context)


def _is_own(event: RequestEvent) -> bool:
    return event.actor is not None and not event.actor.is_employee


@require_safe
@account_required
def objection_detail(request: Any, key: str) -> HttpResponse:
    found = by_key("objection", objections_of(request.account.customer).select_related("line__product", "line__order", "owner"), key)
    context = {
        "objection": found,
        "files": files_of(request.account.customer, [found]),
        "steps": [_step(step) for step in found.steps.all()],
        "awarded": say_yuan(found.awarded) if found.awarded else "",
        "quantity": found.line.product.packing.said(found.quantity or 0) if found.line is not None else "",
        "key": key,
        "asks_word": found.state == Objection.State.WORD and not found.is_content,
        "may_reopen": found.state == Objection.State.CLOSED and today() <= taken_up_until(found),
        "is_judged": found.state not in (Objection.State.DIAGNOSIS, Objection.State.JUDGEMENT),
    }
    return render(request, "objection_detail.html", context)


@require_safe
@account_required
def market_detail(request: Any, key: str) -> HttpResponse:
    """What they told of the market, and what became of it."""
    found = by_key("market", news_of(request.account.customer), key)
    return render(request, "market_detail.html", {"note": found, "files": files_of(request.account.customer, [found])})


def _step(step: ObjectionStep) -> dict[str, Any]:
    return {"label": step.get_step_display(), "done_at": step.done_at, "due_at": step.due_at}


@require_safe
@account_required
def file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A picture that they sent themselves."""
    attachment = find_file(request.account.customer, pk)  # type: ignore[attr-defined]
    if attachment is None or not attachment.file.is_open:
        raise Http404
    return serve_file(request, attachment.file, attachment.name, as_download=False)


class OutsidePage(FormPage):
    """One form on the customers' site."""

    template_name = "form_page.html"
    is_new_thing = True

    def back_url(self) -> str:
        return reverse("extranet:service")


@method_decorator(account_required, name="dispatch")
class Ask(OutsidePage):
    form_class = QuestionForm
    heading = gettext_lazy("Ask a question")
    submit = gettext_lazy("Send")

    def save(self, request: Any, values: dict[str, Any]) -> str:
        made = ask_as(request.account, **values)
        return _("Your question is with %(person)s, under the number %(number)s. You read the answer here.") % {
            "person": made.owner.name,
            "number": made.number,
        }


@method_decorator(account_required, name="dispatch")
class Complain(OutsidePage):
    """`?line=` is what was pressed at a line of an order."""

    form_class = ComplaintForm
    heading = gettext_lazy("Complain")
    submit = gettext_lazy("Send")

    def form_arguments(self) -> dict[str, Any]:
        return {"customer": self.request.account.customer}  # type: ignore[attr-defined]

    def initial(self) -> dict[str, Any]:
        return {"line": read_words(self.request.GET, "line")}

    def save(self, request: Any, values: dict[str, Any]) -> str:
        line = self.form_class(customer=request.account.customer).lines.get(values["line"])  # type: ignore[call-arg]
        files = take_files(request.account, values["pictures"])
        quantity = values["quantity"] if line is not None else None
        made = complain_as(request.account, fault=values["fault"], text=values["text"], line=line, quantity=quantity, files=[one.pk for one in files])
        return _("Your complaint is noted as %(number)s. You see here how it goes on.") % {"number": made.number}


@method_decorator(account_required, name="dispatch")
class TellOfMarket(OutsidePage):
    form_class = MarketForm
    heading = gettext_lazy("News of the market")
    submit = gettext_lazy("Send")
    note = gettext_lazy("Prices, counterfeits, rivals, what is asked for: we read it, and you see here what becomes of it.")

    def save(self, request: Any, values: dict[str, Any]) -> str:
        files = take_files(request.account, values.pop("pictures"))
        made = send_news_as(request.account, **values, files=[one.pk for one in files])
        return _("Thank you. It is noted as %(number)s.") % {"number": made.number}
