"""An objection's page, and its steps."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
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
from crm.service.forms import NameForm
from crm.service.models import Objection, Request
from crm.service.objection_forms import CompensationForm, CostForm, DiagnosisForm, EvidenceForm, JudgementForm, ObjectionForm, ReopenForm, WordForm
from crm.service.policies import FOR_DESK, may_note_for
from crm.service.services.objections import (
    add_cost,
    add_evidence,
    close_objection,
    compensate_objection,
    diagnose_objection,
    judge_objection,
    note_objection,
    reopen_objection,
    worth_of,
)
from crm.service.views.guards import refuse_others
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted, visible_to
from portal.attachments.queries import shown_on
from portal.foundation.asking import read_number
from portal.foundation.form_pages import Crumb, FormPage
from portal.foundation.once import key_in

STEPS = {"diagnosis": "diagnose", "judgement": "judge", "pay": "compensate", "word": "change"}


def load_objection(request: HttpRequest, pk: int, action: str = "view") -> Objection:
    rows = Objection.objects.select_related(
        "customer__root__portfolio__department", "owner", "department", "noted_by", "diagnosed_by", "judged_by", "line__order", "line__product", "request"
    )
    return get_permitted(Objection, user=request.user, action=action, rows=rows, pk=pk)


def crumbs() -> list[Crumb]:
    return [(pgettext("for customers", "Service"), reverse("crm:request_list")), (_("Complaints and objections"), reverse("crm:objection_list"))]


@require_safe
@employee_required
def objection_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened, its evidence, its steps with their clocks, what it cost."""
    objection = load_objection(request, pk)
    customer = objection.customer.root
    order = objection.line.order if objection.line is not None else None
    costs = list(objection.costs.select_related("by"))
    context = {
        "objection": objection,
        "customer": customer if can(request.user, "view", customer) else None,
        "order": order,
        "may_see_order": order is not None and can(request.user, "view", order),
        "quantity": objection.line.product.packing.said(objection.quantity) if objection.line is not None and objection.quantity else "",
        "loss": say_yuan(objection.loss) if objection.loss else "",
        "awarded": say_yuan(objection.awarded) if objection.awarded else "",
        "files": shown_on(objection),
        "steps": objection.steps.select_related("done_by"),
        "costs": [(one, say_yuan(one.fen)) for one in costs],
        "paid_before": say_yuan(objection.paid_before) if objection.paid_before else "",
        "cost": say_yuan(sum(one.fen for one in costs) + objection.awarded + objection.paid_before),
        "may_reopen": not objection.is_open and can(request.user, "change", objection),
        "now": timezone.now(),
        "may_step": objection.is_open and can(request.user, STEPS[objection.state], objection),
        "may_change": can(request.user, "change", objection),
        "may_see_request": objection.request is not None and can(request.user, "view", objection.request),
        "crumbs": crumbs(),
    }
    return render(request, "crm/service/objection_detail.html", context)


@method_decorator(employee_required, name="dispatch")
class ObjectionStart(FormPage):
    """Whose it is; the next page asks what happened."""

    form_class = NameForm
    heading = gettext_lazy("Complaint or objection")
    submit = gettext_lazy("Go on")
    customer: Customer | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        refuse_others(request.user)

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return reverse("crm:objection_create", args=[self.customer.pk]) if self.customer else reverse("crm:objection_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.customer = values["customer"]
        return _("For %(customer)s.") % {"customer": self.customer.name}  # type: ignore[union-attr]


@method_decorator(employee_required, name="dispatch")
class ObjectionCreate(FormPage):
    """`?request=3` links the request out of which it came."""

    form_class = ObjectionForm
    heading = gettext_lazy("Complaint or objection")
    submit = pgettext_lazy("verb", "Note")
    is_new_thing = True
    made: Objection | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> Customer:
        refuse_others(request.user)
        customer = get_permitted(Customer, user=request.user, rows=Customer.objects.select_related("portfolio__department"), pk=kwargs["pk"])
        if not may_note_for(request.user, customer):
            raise PermissionDenied(FOR_DESK)
        return customer

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, "customer": self.subject}

    def get_heading(self) -> str:
        return _("Complaint or objection of %(customer)s") % {"customer": self.subject.name}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else str(self.subject.get_absolute_url())

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        of = visible_to(Request, request.user).filter(pk=read_number(request.GET, "request"), customer__root=self.subject.pk).first()
        self.made = note_objection(actor=request.user, customer=self.subject, request=of, **values)
        return _("Noted as %(number)s, %(grade)s.") % {"number": self.made.number, "grade": self.made.get_grade_display()}


class ObjectionPage(FormPage):
    """One form about an objection, for who may do what it does."""

    action = "change"

    def load(self, request: HttpRequest, **kwargs: Any) -> Objection:
        return load_objection(request, kwargs["pk"], self.action)

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.number, self.subject.get_absolute_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class ObjectionDiagnose(ObjectionPage):
    action = "diagnose"
    form_class = DiagnosisForm
    heading = gettext_lazy("First diagnosis")
    submit = gettext_lazy("Diagnosed")
    note = gettext_lazy("You handle it from now on; somebody else will judge it.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        diagnose_objection(self.subject, actor=request.user, **values)
        return _("It goes to judgement.")


@method_decorator(employee_required, name="dispatch")
class ObjectionJudge(ObjectionPage):
    action = "judge"
    form_class = JudgementForm
    heading = gettext_lazy("Judge it")
    submit = gettext_lazy("Judged")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        judged = judge_objection(self.subject, actor=request.user, **values)
        return _("Judged: %(result)s.") % {"result": judged.get_result_display()}

    def more_context(self) -> dict[str, Any]:
        return {"note": _("Goods and loss are worth %(most)s yuan; at most that is compensated.") % {"most": say_yuan(worth_of(self.subject))}}


@method_decorator(employee_required, name="dispatch")
class ObjectionCompensate(ObjectionPage):
    action = "compensate"
    form_class = CompensationForm
    heading = gettext_lazy("Book the compensation")
    submit = gettext_lazy("Book")
    is_new_thing = True

    def more_context(self) -> dict[str, Any]:
        words = {"sum": say_yuan(self.subject.awarded), "customer": self.subject.customer.root.name}
        return {"note": _("A credit note of %(sum)s yuan goes into the account of %(customer)s.") % words}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        compensate_objection(self.subject, actor=request.user, key=key_in(request) or uuid4(), **values)
        return _("Booked.")


@method_decorator(employee_required, name="dispatch")
class ObjectionClose(ObjectionPage):
    form_class = WordForm
    heading = gettext_lazy("The customer's word")
    submit = pgettext_lazy("an objection", "Close")

    def initial(self) -> dict[str, Any]:
        """What they said themselves on their site."""
        said = self.subject.steps.filter(done_at__isnull=True).values_list("text", flat=True).first() or ""
        return {"is_content": "yes", "text": said or _("content")} if self.subject.is_content else {}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        close_objection(self.subject, actor=request.user, **values)
        return _("Closed.")


@method_decorator(employee_required, name="dispatch")
class ObjectionReopen(ObjectionPage):
    form_class = ReopenForm
    heading = gettext_lazy("Take it up again")
    submit = pgettext_lazy("an objection", "Take up again")
    note = gettext_lazy("It is diagnosed and judged anew. What was paid stays paid.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        reopen_objection(self.subject, actor=request.user, **values)
        return _("It is open again.")


@method_decorator(employee_required, name="dispatch")
class CostCreate(ObjectionPage):
    form_class = CostForm
    heading = gettext_lazy("Note a cost")
    submit = pgettext_lazy("verb", "Note")
    is_new_thing = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        add_cost(self.subject, actor=request.user, **values)
        return _("Noted.")


@method_decorator(employee_required, name="dispatch")
class EvidenceAdd(ObjectionPage):
    form_class = EvidenceForm
    heading = gettext_lazy("Add photos or video")
    submit = gettext_lazy("Add")

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, "objection": self.subject}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        add_evidence(self.subject, actor=request.user, **values)
        return _("Added.")
