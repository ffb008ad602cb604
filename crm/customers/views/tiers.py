"""Tiers: what was decided, and how customers of each are cared for."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.field_rights import TIERS, sees_everywhere
from crm.customers.identifiers import folded
from crm.customers.models import StageTactic, Tier, TierCare, TierDecision
from crm.customers.models.customers import Stage
from crm.customers.models.tiers import GREATEST_GRADE, LEAST_GRADE
from crm.customers.policies import KEEPERS_ONLY, NOT_GIVEN, works_with_customers
from crm.customers.services.tiers import TierLine, decide_tiers, describe_stage, describe_tier
from portal.access.decorators import employee_required
from portal.access.policies import visible_to
from portal.access.registry import has_capability
from portal.approvals.models import Paper
from portal.foundation.form_pages import FormPage
from portal.foundation.moments import DayField
from portal.organization.querysets import today

Crumbs = list[tuple[str, str]]
MOST_LINES = 20_000
MOST_TOLD = 10


class LinesField(forms.CharField):
    """Customer number, tier and grade on each line, as they are pasted from a spreadsheet."""

    def clean(self, value: Any) -> list[TierLine]:  # type: ignore[override]
        rows = [row for row in super().clean(value).splitlines() if row.strip()]
        if len(rows) > MOST_LINES:
            raise ValidationError(_("No more than %(number)s lines.") % {"number": MOST_LINES})
        words = {word: code for code, label in Tier.choices for word in (code, str(label).lower(), str(label).removesuffix("客户"))}
        lines, faults = [], []
        for number, row in enumerate(rows, 1):
            cells = folded(row).replace(",", " ").split()
            tier = words.get(cells[1].lower()) if len(cells) in (2, 3) else None
            grade = cells[2].removesuffix("档") if len(cells) == 3 else ""
            if tier is None:
                faults.append(
                    _("Line %(number)s: write customer number, tier (%(tiers)s) and grade.") % {"number": number, "tiers": "、".join(map(str, Tier.labels))}
                )
            elif grade and not (grade.isdecimal() and LEAST_GRADE <= int(grade) <= GREATEST_GRADE):
                faults.append(_("Line %(number)s: a grade is a number from 1 to 30.") % {"number": number})
            else:
                lines.append(TierLine(cells[0].upper(), tier, int(grade) if grade else None))
        if faults:
            raise ValidationError(faults[:MOST_TOLD])
        return lines


class DecisionForm(forms.Form):
    paper_number = forms.CharField(
        label=gettext_lazy("Number of the paper"), max_length=60, help_text=gettext_lazy("The approved paper by which the committee decided.")
    )
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=pgettext_lazy("of a period", "To"), help_text=gettext_lazy("The last day: of a year or of half a year."))
    lines = LinesField(
        label=gettext_lazy("Customers"),
        widget=forms.Textarea(attrs={"rows": 12, "class": "input code"}),
        help_text=gettext_lazy("Customer number, tier and grade on each line; three columns of a spreadsheet can be pasted."),
    )


class CareForm(forms.Form):
    strategy = forms.CharField(label=gettext_lazy("Strategy"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 5}))
    team = forms.CharField(label=gettext_lazy("Team"), max_length=300, required=False)


def _crumbs() -> Crumbs:
    return [(_("Customers"), reverse("crm:customer_list"))]


@require_safe
@employee_required
def tier_list(request: HttpRequest) -> HttpResponse:
    """How customers of each tier and stage are cared for, and what was decided."""
    if not (works_with_customers(request.user) and sees_everywhere(request.user, TIERS)):
        raise PermissionDenied(NOT_GIVEN)
    tactics = dict(StageTactic.objects.values_list("stage", "text"))
    cares = {care.tier: care for care in TierCare.objects.all()}
    decisions = TierDecision.objects.select_related("paper", "made_by").annotate(number=Count("spans"))[:50]
    seen = set(visible_to(Paper, request.user).filter(pk__in=[one.paper_id for one in decisions]).values_list("pk", flat=True))
    context = {
        "stages": [(stage, tactics.get(stage.value, "")) for stage in Stage],
        "tiers": [(tier, cares.get(tier.value)) for tier in Tier],
        "decisions": [(one, one.paper_id in seen) for one in decisions],
        "may_change": has_capability(request.user, KEEP_CUSTOMERS),
        "crumbs": _crumbs(),
        "today": today(),
    }
    return render(request, "crm/tier_list.html", context)


class TacticForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Tactics"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 5}))


class _TierPage(FormPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Any:
        if not has_capability(request.user, KEEP_CUSTOMERS):
            raise PermissionDenied(KEEPERS_ONLY)

    def crumbs(self) -> Crumbs:
        return [*_crumbs(), (_("Tiers"), reverse("crm:tier_list"))]

    def back_url(self) -> str:
        return reverse("crm:tier_list")


@method_decorator(employee_required, name="dispatch")
class TierDecide(_TierPage):
    form_class = DecisionForm
    heading = gettext_lazy("What the committee decided")
    submit = gettext_lazy("Write down")
    is_new_thing = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        decide_tiers(actor=request.user, **values)
        return _("%(number)s customers have their tier from %(day)s on.") % {"number": len(values["lines"]), "day": f"{values['starts_on']:%Y-%m-%d}"}


@method_decorator(employee_required, name="dispatch")
class TierDescribe(_TierPage):
    form_class = CareForm
    submit = gettext_lazy("Save")

    def load(self, request: HttpRequest, **kwargs: Any) -> Tier:
        super().load(request)
        if kwargs["tier"] not in Tier.values:
            raise Http404
        return Tier(kwargs["tier"])

    def get_heading(self) -> Any:
        return self.subject.label

    def initial(self) -> dict[str, Any]:
        care = TierCare.objects.filter(tier=self.subject).first()
        return {"strategy": care.strategy, "team": care.team} if care else {}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        describe_tier(actor=request.user, tier=self.subject, **values)
        return _("Saved.")


@method_decorator(employee_required, name="dispatch")
class StageDescribe(_TierPage):
    form_class = TacticForm
    submit = gettext_lazy("Save")

    def load(self, request: HttpRequest, **kwargs: Any) -> Stage:
        super().load(request)
        if kwargs["stage"] not in Stage.values:
            raise Http404
        return Stage(kwargs["stage"])

    def get_heading(self) -> Any:
        return self.subject.label

    def initial(self) -> dict[str, Any]:
        return {"text": StageTactic.objects.filter(stage=self.subject).values_list("text", flat=True).first() or ""}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        describe_stage(actor=request.user, stage=self.subject, **values)
        return _("Saved.")
