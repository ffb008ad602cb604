"""A customer in a campaign of care: called, visited, helped."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.activities.care_forms import AnswerForm, HandedForm
from crm.activities.models import CareCase
from crm.activities.services.cares import note_handed_over, take_answer
from crm.activities.views.cares import crumbs, next_case
from crm.catalogue.units import say_yuan
from crm.customers.models import Customer, ReachPoint
from crm.customers.policies import known_numbers
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.foundation.form_pages import Crumb, FormPage
from portal.organization.querysets import today

MOST_NUMBERS = 6


def load_case(request: HttpRequest, pk: int, action: str = "view") -> CareCase:
    rows = CareCase.objects.select_related("care", "customer__root__portfolio__department", "asked_by", "promise__dealing", "decision__paper")
    return get_permitted(CareCase, user=request.user, action=action, rows=rows, pk=pk)


def numbers_of(user: Any, root: Customer) -> list[ReachPoint]:
    """Under which this person may call them; a person's while they agree."""
    rows = known_numbers(user).filter(customer__root=root.pk).select_related("contact").order_by("contact", "pk")
    day = today()
    return [one for one in rows if one.contact is None or (one.contact.agrees_on(day) and (one.contact.ended_on is None or one.contact.ended_on > day))][
        :MOST_NUMBERS
    ]


@require_safe
@employee_required
def care_case(request: HttpRequest, pk: int) -> HttpResponse:
    case = load_case(request, pk)
    root = case.customer.root
    context = {
        "case": case,
        "care": case.care,
        "customer": root,
        "numbers": numbers_of(request.user, root),
        "damage": say_yuan(case.damage),
        "worth": say_yuan(case.aid_fen),
        "is_kept": case.promise is not None and case.promise.state == "kept",
        "crumbs": [*crumbs(), (case.care.name, case.care.get_absolute_url())],
    }
    return render(request, "crm/activities/care_case.html", context)


class CasePage(FormPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> CareCase:
        return load_case(request, kwargs["pk"], "change")

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.care.name, self.subject.care.get_absolute_url()), (self.subject.customer.root.name, self.case_url())]

    def case_url(self) -> str:
        return reverse("crm:care_case", args=[self.subject.pk])

    def back_url(self) -> str:
        return self.case_url()


@method_decorator(employee_required, name="dispatch")
class CaseAnswer(CasePage):
    """Filled in during the call; afterwards the next of the line is there."""

    form_class = AnswerForm
    template_name = "crm/activities/care_answer.html"
    submit = gettext_lazy("Save, and on to the next")
    is_saved = False

    def get_heading(self) -> str:
        return str(self.subject.customer.root.name)

    def initial(self) -> dict[str, Any]:
        case = self.subject
        said = {key: getattr(case, key) for key in ("harmed_shop", "harmed_stock", "harmed_people", "needs")}
        return said | {"reached": "no" if case.reached is False else "yes", "damage": f"{case.damage / 100:.2f}" if case.damage else ""}

    def more_context(self) -> dict[str, Any]:
        return {"numbers": numbers_of(self.request.user, self.subject.customer.root), "case": self.subject}

    def back_url(self) -> str:
        if not self.is_saved:
            return self.case_url()
        following = next_case(self.request.user, self.subject.care, self.subject)
        return reverse("crm:care_answer", args=[following.pk]) if following is not None else str(self.subject.care.get_absolute_url())

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        take_answer(self.subject, actor=request.user, **values)
        self.is_saved = True
        return _("Taken down for %(name)s.") % {"name": self.subject.customer.root.name}


@method_decorator(employee_required, name="dispatch")
class CaseHandedOver(CasePage):
    form_class = HandedForm
    heading = gettext_lazy("What was handed over")
    submit = pgettext_lazy("what was handed over", "Note it")

    def initial(self) -> dict[str, Any]:
        return {"text": self.subject.given or self.subject.aid}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        note_handed_over(self.subject, actor=request.user, **values)
        return _("Noted.")
