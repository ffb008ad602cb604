"""Positions and their clearance."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from portal.access.capabilities import MANAGE_ORGANIZATION
from portal.access.decorators import capability_required
from portal.access.policies import get_permitted
from portal.directory.forms import PositionForm
from portal.directory.views.keeping import keepers_only
from portal.foundation.form_pages import Crumb, FormPage
from portal.organization.models import Employment, Position
from portal.organization.querysets import today
from portal.organization.services.positions import FIELDS, save_position


@require_GET
@capability_required(MANAGE_ORGANIZATION)
def position_list(request: HttpRequest) -> HttpResponse:
    holders = Employment.objects.count_holders(today())
    rows = [(position, holders.get(position.pk, 0)) for position in Position.objects.all()]
    return render(request, "directory/position_list.html", {"rows": rows})


@keepers_only
class PositionEditing(FormPage):
    """Creating a position, or changing one: the rights of all who hold it follow."""

    form_class = PositionForm
    submit = gettext_lazy("Save")
    note = gettext_lazy("The rights of everyone who holds the position follow at once.")

    def load(self, request: HttpRequest, **kwargs: Any) -> Position | None:
        return get_permitted(Position, user=request.user, action="change", pk=kwargs["pk"]) if "pk" in kwargs else None

    def get_heading(self) -> str:
        return self.subject.label if self.subject else _("New position")

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.subject, name) for name in FIELDS} if self.subject else {}

    def back_url(self) -> str:
        return reverse("organization:position_list")

    def crumbs(self) -> list[Crumb]:
        return [(_("Positions"), self.back_url())]

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        save_position(self.subject, actor=request.user, **values)
        return _("Saved.")
