"""Campaigns of care as a list, and the customers in them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from crm.activities.care_figures import CONDITIONS, FIGURES
from crm.activities.lists import PROMISE_TONES, portfolio_choices
from crm.activities.models import Care, CareCase
from crm.activities.policies import works_with_visits
from portal.access.policies import visible_to
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter

ALL = gettext_lazy("all")
RUNS = (("yes", pgettext_lazy("of care", "running")), ("no", pgettext_lazy("of care", "evaluated")))


def _cares() -> Iterator[tuple[str, str]]:
    for pk, name, day in Care.objects.values_list("pk", "name", "starts_on"):
        yield str(pk), f"{name} {day:%Y-%m-%d}"


def _choices(group: str) -> list[tuple[str, Any]]:
    return [(one.code, one.label) for one in FIGURES if one.group == group]


def _filter(group: str, label: Any, choices: list[tuple[str, Any]] | None = None) -> ChoiceFilter:
    return ChoiceFilter(key=group, label=label, anything=ALL, choices=choices or _choices(group), conditions=lambda code: CONDITIONS[group, code])


def answer_of(row: CareCase) -> tuple[str, str] | None:
    if not row.care.asks_first:
        return None
    if row.reached is None:
        return _("not called yet"), ""
    return (pgettext("of a survey", "reached"), "good") if row.reached else (pgettext("of a survey", "not reached"), "warning")


def visit_of(row: CareCase) -> tuple[str, str] | None:
    return (row.promise.get_state_display(), PROMISE_TONES[row.promise.state]) if row.promise is not None else None


@register_list
class CareList(List):
    """What is done for customers beyond the rules: after a flood, at a feast, after an opening."""

    code = "crm.cares"
    url_name = "crm:care_list"
    row_url_name = "crm:care_detail"
    heading = gettext_lazy("Care")
    icon = "heart"
    template_name = "crm/activities/care_list.html"
    words_in = ("name", "why", "result")
    words_label = gettext_lazy("Name, why, result")
    default_sort = "-starts"
    empty_title = gettext_lazy("No campaign fits")
    empty_text = gettext_lazy("A head opens one: after a flood, for a feast, after an opening.")
    columns = (
        Column("name", pgettext_lazy("of care", "Name"), "name"),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("state", gettext_lazy("State"), lambda row: (RUNS[1][1], "") if row.is_closed else (RUNS[0][1], "good"), "tag"),
        Column("starts", gettext_lazy("From"), "starts_on", "day", order_by=("starts_on",)),
        Column("ends", pgettext_lazy("of a period", "To"), "ends_on", "day"),
        Column("department", gettext_lazy("Department"), "department.label", related=("department",)),
        Column("verdict", pgettext_lazy("of care", "Verdict"), lambda row: row.get_verdict_display()),
        Column("result", gettext_lazy("Result"), "result", is_shown=False),
    )
    filters = (
        ChoiceFilter(key="runs", label=gettext_lazy("State"), anything=ALL, choices=RUNS, conditions=lambda code: Q(closed_at__isnull=code == "yes")),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), anything=ALL, choices=Care.Kind.choices),
        DayFilter(key="starts", label=gettext_lazy("From"), field="starts_on", is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_visits(user)

    def rows(self, user: Any) -> QuerySet[Care]:
        return visible_to(Care, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Visits"), reverse("crm:visit_week"))]


@register_list
class CareCaseList(List):
    """Customers in campaigns of care: what they said, what they were given."""

    code = "crm.care_cases"
    url_name = "crm:care_cases"
    row_url_name = "crm:care_case"
    heading = gettext_lazy("Customers cared for")
    icon = "heart"
    words_in = ("customer__root__found_by", "needs", "aid")
    words_label = gettext_lazy("Customer, what is needed, aid")
    default_sort = "customer"
    empty_title = gettext_lazy("No customer fits")
    empty_text = gettext_lazy("Ask for less.")
    related = ("care",)
    columns = (
        Column("customer", gettext_lazy("Customer"), "customer.root.name", order_by=("customer__root__name_pinyin",), related=("customer__root",)),
        Column("care", gettext_lazy("Campaign of care"), "care.name"),
        Column("answer", pgettext_lazy("of a survey", "Call"), answer_of, "tag"),
        Column("harm", gettext_lazy("Harmed"), "harm"),
        Column("damage", gettext_lazy("Damage"), lambda row: row.damage or None, "money", order_by=("damage",)),
        Column("needs", gettext_lazy("What is needed"), "needs"),
        Column("aid", gettext_lazy("Aid"), "aid"),
        Column("worth", gettext_lazy("Worth of the aid"), lambda row: row.aid_fen or None, "money", is_shown=False),
        Column("visit", gettext_lazy("Promise"), visit_of, "tag", related=("promise",)),
        Column("handed", gettext_lazy("What was handed over"), "handed_over", is_shown=False),
        Column("portfolio", gettext_lazy("Portfolio"), "customer.root.portfolio.name", related=("customer__root__portfolio",), is_shown=False),
    )
    filters = (
        ChoiceFilter(key="care", label=gettext_lazy("Campaign of care"), anything=ALL, choices=_cares),
        _filter("answer", pgettext_lazy("of a survey", "Call")),
        _filter("harm", gettext_lazy("Harmed")),
        _filter("aid", gettext_lazy("Aid"), [("set", gettext_lazy("aid is set")), ("decided", gettext_lazy("aid is decided"))]),
        _filter("visit", gettext_lazy("Promise")),
        ChoiceFilter(
            key="portfolio", label=gettext_lazy("Portfolio"), anything=ALL, choices=portfolio_choices, field="customer__root__portfolio", is_further=True
        ),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_visits(user)

    def rows(self, user: Any) -> QuerySet[CareCase]:
        return visible_to(CareCase, user, CareCase.objects.once())

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Visits"), reverse("crm:visit_week")), (_("Care"), reverse("crm:care_list"))]
