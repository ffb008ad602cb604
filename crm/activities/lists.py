"""Promised visits and calls as a list."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.activities.models import Contacting, Promise, Visit
from crm.activities.performance import department_of_visit
from crm.activities.policies import works_with_visits
from crm.customers.models import Portfolio, PortfolioHolding
from portal.access.policies import visible_to
from portal.accounts.models import User
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter
from portal.organization.models import Department, Employment
from portal.organization.querysets import today

PROMISE_TONES = {"open": "", "kept": "good", "missed": "danger", "excused": ""}
HAS_DAY = (("none", gettext_lazy("no day yet")), ("set", gettext_lazy("has a day")))
WHY = (("none", gettext_lazy("not said yet")), ("said", pgettext_lazy("of a reason", "said")))


def portfolio_choices() -> Iterator[tuple[str, str]]:
    for pk, name in Portfolio.objects.filter(closed_on__isnull=True).values_list("pk", "name"):
        yield str(pk), name


def holder_choices() -> Iterator[tuple[str, str]]:
    rows = User.objects.filter(Exists(PortfolioHolding.objects.filter(person=OuterRef("pk"))))
    for pk, name in rows.order_by("name").values_list("pk", "name"):
        yield str(pk), name


def department_choices() -> Iterator[tuple[str, str]]:
    for one in Department.objects.filter(Exists(Portfolio.objects.filter(department=OuterRef("pk")))).order_by("path"):
        yield str(one.pk), one.label


def of_portfolio(code: str) -> Q:
    """Settled in it, or open in it now."""
    return Q(portfolio=code) | Q(portfolio__isnull=True, customer__root__portfolio=code)


def of_holder(code: str) -> Q:
    """Settled under this person, or open in what they hold today."""
    held = PortfolioHolding.objects.on(today()).filter(person=int(code)).values("portfolio")
    return Q(holder=code) | Q(portfolio__isnull=True, customer__root__portfolio__in=held)


def of_department(code: str) -> Q:
    return Q(portfolio__department=code) | Q(portfolio__isnull=True, customer__root__portfolio__department=code)


def _why(code: str) -> Q:
    rows = Q(state=Promise.State.MISSED)
    return rows & (Q(reason="") if code == "none" else ~Q(reason=""))


def _has_day(code: str) -> Q:
    return Q(planned_on__isnull=code == "none")


@register_list
class PromiseList(List):
    """What is promised to customers, and what became of it."""

    code = "crm.promises"
    url_name = "crm:promise_list"
    row_url_name = "crm:promise_detail"
    heading = gettext_lazy("Promised visits and calls")
    icon = "footprints"
    words_in = ("customer__root__found_by",)
    words_label = gettext_lazy("Customer, number, pinyin")
    default_sort = "-due"
    empty_title = gettext_lazy("No promise fits")
    empty_text = gettext_lazy("Promises are made each night, four weeks ahead, by the tiers of customers.")
    columns = (
        Column("customer", gettext_lazy("Customer"), "customer.root.name", related=("customer__root",)),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("state", gettext_lazy("State"), lambda row: (row.get_state_display(), PROMISE_TONES[row.state]), "tag"),
        Column("due", gettext_lazy("Due on"), "due_on", "day", order_by=("due_on",)),
        Column("planned", gettext_lazy("Planned on"), "planned_on", "day"),
        Column("settled", pgettext_lazy("of a promise", "Done on"), "settled_on", "day"),
        Column("reason", gettext_lazy("Why"), "reason"),
        Column("origin", gettext_lazy("Came by"), lambda row: row.get_origin_display(), is_shown=False),
        Column("subject", gettext_lazy("What about"), "subject", is_shown=False),
        Column("holder", gettext_lazy("Answered for it"), lambda row: row.holder.name if row.holder else "", related=("holder",), is_shown=False),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=Promise.State.choices),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), anything=gettext_lazy("all"), choices=Contacting.choices),
        ChoiceFilter(key="why", label=gettext_lazy("Why missed"), anything=gettext_lazy("all"), choices=WHY, conditions=_why),
        ChoiceFilter(key="planned", label=gettext_lazy("Laid"), anything=gettext_lazy("all"), choices=HAS_DAY, conditions=_has_day, is_further=True),
        ChoiceFilter(key="origin", label=gettext_lazy("Came by"), anything=gettext_lazy("all"), choices=Promise.Origin.choices, is_further=True),
        ChoiceFilter(
            key="portfolio", label=gettext_lazy("Portfolio"), anything=gettext_lazy("all"), choices=portfolio_choices, conditions=of_portfolio, is_further=True
        ),
        ChoiceFilter(key="person", label=gettext_lazy("Person"), anything=gettext_lazy("all"), choices=holder_choices, conditions=of_holder, is_further=True),
        ChoiceFilter(
            key="department",
            label=gettext_lazy("Department"),
            anything=gettext_lazy("all"),
            choices=department_choices,
            conditions=of_department,
            is_further=True,
        ),
        DayFilter(key="due", label=gettext_lazy("Due on"), field="due_on", is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_visits(user)

    def rows(self, user: Any) -> QuerySet[Promise]:
        return visible_to(Promise, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Visits"), reverse("crm:visit_week"))]


def _visitors() -> Iterator[tuple[str, str]]:
    rows = User.objects.filter(Exists(Visit.objects.filter(person=OuterRef("pk"))))
    for pk, name in rows.order_by("name").values_list("pk", "name"):
        yield str(pk), name


def _visited_for(code: str) -> Q:
    """By whoever was employed there on that day."""
    return Q(pk__in=Visit.objects.annotate(of=department_of_visit()).filter(of=code).values("pk"))


def _departments_visiting() -> Iterator[tuple[str, str]]:
    posts = Employment.objects.filter(Exists(Visit.objects.filter(person=OuterRef("person"))))
    for one in Department.objects.filter(pk__in=posts.values("department")).order_by("path"):
        yield str(one.pk), one.label


@register_list
class VisitList(List):
    """Visits that were made."""

    code = "crm.visits"
    url_name = "crm:visit_list"
    row_url_name = "crm:visit_detail"
    heading = gettext_lazy("Visits made")
    icon = "footprints"
    words_in = ("customer__root__found_by", "results", "opinions")
    words_label = gettext_lazy("Customer, what was said")
    default_sort = "-arrived"
    empty_title = gettext_lazy("No visit fits")
    empty_text = gettext_lazy("Visits are written on the telephone, from the week's page.")
    columns = (
        Column("customer", gettext_lazy("Customer"), "customer.root.name", related=("customer__root",)),
        Column("arrived", gettext_lazy("Arrived"), "arrived_at", "instant", order_by=("arrived_at",)),
        Column("person", gettext_lazy("Visited by"), "person.name", related=("person",)),
        Column("purpose", gettext_lazy("Purpose"), lambda row: row.get_purpose_display()),
        Column("outcome", gettext_lazy("Outcome"), lambda row: row.get_outcome_display()),
        Column("results", gettext_lazy("What came of it"), "results"),
        Column("opinions", gettext_lazy("What they say"), "opinions", is_shown=False),
        Column("tags", gettext_lazy("Price tags handed out"), "tags_out", "number", is_shown=False),
        Column("material", gettext_lazy("Material handed out"), "material", is_shown=False),
        Column("sheet", gettext_lazy("Information sheet came back"), "sheet_back", "flag", is_shown=False),
    )
    filters = (
        ChoiceFilter(key="purpose", label=gettext_lazy("Purpose"), anything=gettext_lazy("all"), choices=Visit.Purpose.choices),
        ChoiceFilter(key="outcome", label=gettext_lazy("Outcome"), anything=gettext_lazy("all"), choices=Visit.Outcome.choices),
        ChoiceFilter(key="person", label=gettext_lazy("Visited by"), anything=gettext_lazy("all"), choices=_visitors, is_further=True),
        ChoiceFilter(
            key="portfolio",
            label=gettext_lazy("Portfolio"),
            anything=gettext_lazy("all"),
            choices=portfolio_choices,
            field="customer__root__portfolio",
            is_further=True,
        ),
        ChoiceFilter(
            key="department",
            label=gettext_lazy("Department then"),
            anything=gettext_lazy("all"),
            choices=_departments_visiting,
            conditions=_visited_for,
            is_further=True,
        ),
        DayFilter(key="arrived", label=gettext_lazy("Arrived"), field="arrived_at", is_instant=True, is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_visits(user)

    def rows(self, user: Any) -> QuerySet[Visit]:
        return visible_to(Visit, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Visits"), reverse("crm:visit_week"))]
