"""The shops that a figure of a launch counts, and what was said, as lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from crm.customers.models import Customer
from crm.marketing.channel_lists import ANY, DISTRICT, CountedCustomerList
from crm.marketing.launching import Launch
from crm.marketing.models import Campaign, LaunchOpinion
from portal.access.policies import visible_to
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, Filter, FlagFilter

SHOPS = (
    ("targets", gettext_lazy("all for whom it is")),
    ("shown", gettext_lazy("where it was shown")),
    ("missing", gettext_lazy("where it was not shown yet")),
    ("carrying", gettext_lazy("that carry it")),
    ("again", gettext_lazy("that ordered it again")),
    ("dry", gettext_lazy("that had run dry")),
    ("heard", gettext_lazy("that said something")),
)
TONES = {1: "danger", 2: "warning", 3: "", 4: "good", 5: "good"}


def launch_crumbs() -> list[tuple[str, str]]:
    return [(pgettext("of the plant", "Marketing"), reverse("crm:marketing_home"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchFilter(Filter):
    """Of which launch, by its number, and whom a figure counts. Without a launch that has started there is nobody."""

    @property
    def keys(self) -> tuple[str, ...]:
        return self.key, "figure"

    def fields(self) -> dict[str, forms.Field]:
        return {
            self.key: forms.CharField(label=str(self.label), max_length=20, required=False),
            "figure": forms.ChoiceField(label=_("Which shops"), choices=[("", _("all for whom it is")), *SHOPS], required=False),
        }

    def condition(self, values: Mapping[str, Any]) -> Q | None:
        number = (values.get(self.key) or "").strip().upper()
        campaign = Campaign.objects.filter(is_launch=True, number=number).exclude(state=Campaign.State.PLANNED).first()
        if campaign is None:
            return Q(pk__in=[])
        launch = Launch(campaign)
        return Q(pk__in=launch.targets) & launch.of_figure(values.get("figure") or "targets")

    def said(self, values: Mapping[str, Any]) -> str:
        return " · ".join(word for word in (values.get(self.key) or "", str(dict(SHOPS).get(values.get("figure") or "", ""))) if word)


@register_list
class LaunchShopList(CountedCustomerList):
    code = "crm.launch_shops"
    url_name = "crm:launch_shops"
    heading = gettext_lazy("Shops of a launch")
    icon = "rocket"
    empty_title = gettext_lazy("No shop fits")
    empty_text = gettext_lazy("The figures of a launch lead here; each names its launch.")
    filters = (
        LaunchFilter(key="launch", label=gettext_lazy("Number of the launch")),
        DISTRICT,
    )

    def crumbs(self) -> list[tuple[str, str]]:
        return launch_crumbs()


def _launches() -> list[tuple[str, str]]:
    rows = Campaign.objects.filter(is_launch=True).exclude(state=Campaign.State.PLANNED)
    return [(number, name) for number, name in rows.values_list("number", "name")]


def _fate(row: LaunchOpinion) -> str:
    if row.task is None:
        return ""
    return _("done: %(outcome)s") % {"outcome": row.task.outcome} if row.task.done_at else _("with %(person)s") % {"person": row.task.owner.name}


def _customer(row: Any) -> str:
    return row.customer.root.name if row.sees_customer else ""


@register_list
class LaunchOpinionList(List):
    code = "crm.launch_opinions"
    url_name = "crm:launch_opinions"
    heading = gettext_lazy("Opinions on launches")
    icon = "message-circle-heart"
    words_in = ("text",)
    words_label = gettext_lazy("Words")
    default_sort = "-noted"
    empty_title = gettext_lazy("No opinion fits")
    empty_text = gettext_lazy("They are noted at visits, and on the page of a launch.")
    related = ("customer__root", "task__owner", "campaign")
    columns = (
        Column("text", gettext_lazy("What they say"), "text"),
        Column("liking", gettext_lazy("How satisfied"), lambda row: (row.get_liking_display(), TONES[row.liking]), "tag", order_by=("liking",)),
        Column("party", pgettext_lazy("of an opinion", "Whose"), lambda row: row.get_party_display()),
        Column("about", pgettext_lazy("of an opinion", "About what"), lambda row: row.get_about_display()),
        Column("customer", gettext_lazy("Customer"), _customer),
        Column("launch", gettext_lazy("Launch"), "campaign.name"),
        Column("fate", gettext_lazy("What becomes of it"), _fate),
        Column("person", gettext_lazy("Noted by"), "noted_by.name", related=("noted_by",)),
        Column("noted", gettext_lazy("Noted at"), "noted_at", "instant", order_by=("noted_at",)),
    )
    filters = (
        ChoiceFilter(key="party", label=pgettext_lazy("of an opinion", "Whose"), anything=ANY, choices=LaunchOpinion.Party.choices),
        ChoiceFilter(key="about", label=pgettext_lazy("of an opinion", "About what"), anything=ANY, choices=LaunchOpinion.About.choices),
        ChoiceFilter(key="liking", label=gettext_lazy("How satisfied"), anything=ANY, choices=[(str(k), v) for k, v in LaunchOpinion.Liking.choices]),
        FlagFilter(key="open", label=gettext_lazy("Nobody has taken it up"), holds=Q(task__isnull=True), is_further=True),
        DayFilter(key="noted", label=gettext_lazy("Noted at"), field="noted_at", is_instant=True, is_further=True),
        ChoiceFilter(key="launch", label=gettext_lazy("Launch"), anything=ANY, choices=_launches, field="campaign__number", is_further=True),
    )

    def rows(self, user: Any) -> QuerySet[LaunchOpinion]:
        seen = visible_to(Customer, user).filter(pk=OuterRef("customer__root"))
        return visible_to(LaunchOpinion, user).annotate(sees_customer=Exists(seen))

    def crumbs(self) -> list[tuple[str, str]]:
        return launch_crumbs()
