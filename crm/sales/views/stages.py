"""The stages of selling, and what is in each."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm.sales.capabilities import KEEP_STAGES
from crm.sales.forms import NewStageForm, StageForm
from crm.sales.models import SaleKind, Stage
from crm.sales.services.stages import create_stage, end_stage, rename_stage
from portal.access.decorators import capability_required
from portal.foundation.form_pages import ActPage, Crumb, FormPage


@require_safe
@capability_required(KEEP_STAGES)
def stage_list(request: HttpRequest) -> HttpResponse:
    stages = Stage.objects.annotate(inside=Count("opportunities", filter=Q(opportunities__state="open")))
    kinds = [(label, [one for one in stages if one.kind == kind]) for kind, label in SaleKind.choices]
    return render(request, "crm/sales/stage_list.html", {"kinds": kinds, "crumbs": [(_("Sales"), reverse("crm:opportunity_board"))]})


class StagePage(FormPage):
    def crumbs(self) -> list[Crumb]:
        return [(_("Sales"), reverse("crm:opportunity_board")), (_("Stages"), self.back_url())]

    def back_url(self) -> str:
        return reverse("crm:stage_list")


@method_decorator(capability_required(KEEP_STAGES), name="dispatch")
class StageCreate(StagePage):
    form_class = NewStageForm
    heading = gettext_lazy("New stage")
    submit = gettext_lazy("Add")
    is_new_thing = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        create_stage(actor=request.user, **values)
        return _("Added.")


@method_decorator(capability_required(KEEP_STAGES), name="dispatch")
class StageUpdate(StagePage):
    form_class = StageForm
    heading = gettext_lazy("Rename the stage")
    submit = gettext_lazy("Rename")
    note = gettext_lazy("What is and was in it stays in it, and no figure changes.")

    def load(self, request: HttpRequest, **kwargs: Any) -> Stage:
        return get_object_or_404(Stage, pk=kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        return {"name": self.subject.name, "name_en": self.subject.name_en}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        rename_stage(self.subject, actor=request.user, **values)
        return _("Renamed.")


@method_decorator(capability_required(KEEP_STAGES), name="dispatch")
class StageEnd(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Stage:
        return get_object_or_404(Stage, pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("crm:stage_list")

    def act(self, request: HttpRequest) -> str:
        end_stage(self.subject, actor=request.user)
        return _("Nothing enters it any more.")
