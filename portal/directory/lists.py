"""Duties, and who held which on any day, as lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policies import policy_for
from portal.directory.policies import keeps_roster
from portal.foundation.dates import say_day
from portal.foundation.moments import DayField
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, Filter
from portal.organization.models import Duty, DutyHolding
from portal.organization.places import read_places


def _covered(department_ids: list[int]) -> str:
    places = read_places()
    return _(", ").join(label for pk in department_ids if (label := places.label(pk))) or _("the whole plant")


def _holders() -> dict[str, Any]:
    return {"holders": ArraySubquery(DutyHolding.objects.current().filter(duty=OuterRef("pk")).order_by("starts_on", "pk").values("person__name"))}


def _covers() -> dict[str, Any]:
    through = Duty.departments.through.objects
    return {"covers": ArraySubquery(through.filter(duty=OuterRef("pk")).order_by("pk").values("department"))}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOnFilter(Filter):
    """What was held on one day, past or to come."""

    def fields(self) -> dict[str, forms.Field]:
        return {self.key: DayField(label=str(self.label), required=False)}

    def condition(self, values: Mapping[str, Any]) -> Q | None:
        day = values.get(self.key)
        return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day)) if day else None

    def said(self, values: Mapping[str, Any]) -> str:
        day = values.get(self.key)
        return say_day(day) if day else ""


class _KeptList(List):
    def is_allowed(self, user: Any) -> bool:
        return keeps_roster(user)


@register_list
class DutyList(_KeptList):
    code = "organization.duties"
    url_name = "organization:duty_list"
    template_name = "directory/duty_list.html"
    heading = gettext_lazy("Duties")
    subtitle = gettext_lazy("Responsibilities that are no position, such as 分管采购 or 价格审核员. Whoever holds one is meant where it is named.")
    icon = "briefcase"
    words_in = ("name", "name_en", "code")
    words_label = gettext_lazy("Words of the name, code")
    default_sort = "order"
    empty_title = gettext_lazy("No duties yet")
    columns = (
        Column("duty", gettext_lazy("Duty"), "label", order_by=("name",)),
        Column("code", gettext_lazy("Short code"), order_by=("code",)),
        Column("holders", gettext_lazy("Held today by"), lambda duty: _(", ").join(duty.holders), annotations=_holders),
        Column("covers", gettext_lazy("Covers"), lambda duty: _covered(duty.covers), annotations=_covers),
        Column("order", gettext_lazy("Order"), kind="number", order_by=("order",), is_shown=False),
    )

    def rows(self, user: Any) -> QuerySet[Duty]:
        return policy_for(Duty).visible(user, Duty.objects.all())

    def row_url(self, row: Duty) -> str:
        return reverse("organization:duty_update", args=[row.pk])


@register_list
class HoldingList(_KeptList):
    code = "organization.duty_holdings"
    url_name = "organization:holding_list"
    heading = gettext_lazy("Who holds which duty")
    subtitle = gettext_lazy("Choose a day to see who held what then.")
    icon = "briefcase"
    words_in = ("person__name", "person__employee_number", "duty__name", "duty__name_en")
    words_label = gettext_lazy("Person or duty")
    default_sort = "-from"
    empty_title = gettext_lazy("Nobody held a duty then")
    columns = (
        Column("duty", gettext_lazy("Duty"), "duty.label", related=("duty",)),
        Column("person", gettext_lazy("Person"), "person.name", related=("person",)),
        Column("number", gettext_lazy("Employee number"), "person.employee_number", related=("person",)),
        Column("from", gettext_lazy("First day"), "starts_on", kind="day", order_by=("starts_on",)),
        Column("to", gettext_lazy("Last day"), "ends_on", kind="day"),
    )
    filters = (
        HeldOnFilter(key="on", label=gettext_lazy("Held on")),
        ChoiceFilter(key="duty", label=gettext_lazy("Duty"), choices=lambda: [(str(duty.pk), duty.label) for duty in Duty.objects.all()]),
    )

    def rows(self, user: Any) -> QuerySet[DutyHolding]:
        return policy_for(DutyHolding).visible(user, DutyHolding.objects.all())

    def row_url(self, row: DutyHolding) -> str:
        return reverse("organization:duty_update", args=[row.duty_id])

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Duties"), reverse("organization:duty_list"))]
