"""A request's page, and what is done to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.catalogue.units import say_yuan
from crm.customers.models import Customer
from crm.customers.needs import need_taker
from crm.service.forms import HandOnForm, NameForm, RequestForm, SaidForm, SolveForm, WaitForm
from crm.service.mails import asked_by_mail
from crm.service.models import Request
from crm.service.services.requests import (
    answer_request,
    hand_on_request,
    is_late,
    name_customer,
    note_request,
    reopen_request,
    resume_request,
    send_to_sales,
    solve_request,
    wait_for_customer,
    work_on_request,
)
from crm.service.views.guards import refuse_others
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted, visible_to
from portal.foundation.asking import read_number
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.foundation.once import FIELD, new_key
from portal.search.beside import known_beside

MOST_EVENTS = 60


def load_request(request: HttpRequest, pk: int, action: str = "view") -> Request:
    rows = Request.objects.select_related("customer__root__portfolio__department", "owner", "department", "noted_by", "visit__customer__root__portfolio")
    return get_permitted(Request, user=request.user, action=action, rows=rows, pk=pk)


def crumbs() -> list[Crumb]:
    return [(pgettext("for customers", "Service"), reverse("crm:request_list"))]


@require_safe
@employee_required
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, its clocks, what was done, and what the plant knows of such things."""
    asked = load_request(request, pk)
    may_change = can(request.user, "change", asked)
    customer = asked.customer.root if asked.customer else None
    taker = need_taker()
    context = {
        "asked": asked,
        "customer": customer if customer is not None and can(request.user, "view", customer) else None,
        "fee": say_yuan(asked.fee) if asked.fee else "",
        "now": timezone.now(),
        "is_late": is_late(asked),
        "pause": asked.pauses.filter(ends_at__isnull=True).first(),
        "events": asked.events.select_related("actor", "person")[:MOST_EVENTS],
        "visit": asked.visit if asked.visit is not None and can(request.user, "view", asked.visit) else None,
        "fate": taker.fate(asked.need, request.user) if taker is not None and asked.need is not None else None,
        "may_change": may_change,
        "may_send": may_change and taker is not None and asked.need is None and customer is not None,
        "form": SaidForm() if may_change and asked.is_open else None,
        "known": known_beside(request.user, asked.text),
        "key_field": FIELD,
        "key": new_key(),
        "crumbs": crumbs(),
    }
    return render(request, "crm/service/request_detail.html", context)


@method_decorator(employee_required, name="dispatch")
class RequestCreate(FormPage):
    """`?customer=12` begins it for a customer, `?number=` for a caller, `?mail=` with what a mail says."""

    form_class = RequestForm
    heading = gettext_lazy("Note a request")
    submit = pgettext_lazy("verb", "Note")
    is_new_thing = True
    made: Request | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        refuse_others(request.user)

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def initial(self) -> dict[str, Any]:
        if said := asked_by_mail(self.request.user, read_number(self.request.GET, "mail") or 0):
            return said
        customer = visible_to(Customer, self.request.user).filter(pk=read_number(self.request.GET, "customer")).first()
        return {"who": customer.code if customer is not None else self.request.GET.get("number", "")[:40]}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:request_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = note_request(actor=request.user, **values)
        return _("Noted as %(number)s. %(owner)s has it.") % {"number": self.made.number, "owner": self.made.owner.name}


class RequestPage(FormPage):
    """One form about a request."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Request:
        return load_request(request, kwargs["pk"], "change")

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.number, self.subject.get_absolute_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class RequestAnswer(RequestPage):
    form_class = SaidForm
    heading = pgettext_lazy("a request", "Answer")
    submit = gettext_lazy("Answered")
    is_new_thing = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        if request.POST.get("only") == "work":
            work_on_request(self.subject, actor=request.user, **values)
            return _("Noted.")
        answer_request(self.subject, actor=request.user, **values)
        return _("The answer is noted.")


@method_decorator(employee_required, name="dispatch")
class RequestWait(RequestPage):
    form_class = WaitForm
    heading = gettext_lazy("Wait for the customer")
    submit = gettext_lazy("Let it wait")
    note = gettext_lazy("The clock stands still until it goes on, for this reason alone.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        wait_for_customer(self.subject, actor=request.user, **values)
        return _("It waits for the customer; the clock stands still.")


@method_decorator(employee_required, name="dispatch")
class RequestSolve(RequestPage):
    form_class = SolveForm
    heading = pgettext_lazy("of a request", "Solved")
    submit = gettext_lazy("It is solved")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        solve_request(self.subject, actor=request.user, **values)
        return _("Solved.")


@method_decorator(employee_required, name="dispatch")
class RequestReopen(RequestPage):
    form_class = SaidForm
    heading = pgettext_lazy("a request", "Take up again")
    submit = pgettext_lazy("a request", "Take up again")
    note = gettext_lazy("A new clock begins. What was late stays late in the figures.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        reopen_request(self.subject, actor=request.user, **values)
        return _("It goes on, under a new clock.")


@method_decorator(employee_required, name="dispatch")
class RequestHandOn(RequestPage):
    form_class = HandOnForm
    heading = gettext_lazy("Hand on to somebody else")
    submit = pgettext_lazy("a request", "Hand on")
    note = gettext_lazy("The clock runs on. Whoever takes it over is told.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        handed = hand_on_request(self.subject, actor=request.user, **values)
        return _("%(person)s has it now.") % {"person": handed.owner.name}

    def back_url(self) -> str:
        gone = self.request.method == "POST" and not can(self.request.user, "view", Request.objects.get(pk=self.subject.pk))
        return reverse("crm:request_list") if gone else super().back_url()


@method_decorator(employee_required, name="dispatch")
class RequestName(RequestPage):
    form_class = NameForm
    heading = gettext_lazy("Say whose it is")
    submit = gettext_lazy("Save")

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        name_customer(self.subject, actor=request.user, **values)
        return _("Saved.")


class RequestAct(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Request:
        return load_request(request, kwargs["pk"], "change")

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class RequestResume(RequestAct):
    def act(self, request: HttpRequest) -> str:
        resume_request(self.subject, actor=request.user)
        return _("It goes on; the clock runs.")


@method_decorator(employee_required, name="dispatch")
class RequestToSales(RequestAct):
    def act(self, request: HttpRequest) -> str:
        send_to_sales(self.subject, actor=request.user)
        return _("It is a lead of sales now. What becomes of it stands here.")
