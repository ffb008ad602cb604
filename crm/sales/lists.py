"""Opportunities and leads as lists. The funnel counts what fits the filters of opportunities: a figure and its list are one question."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.activities.performance import holder_on
from crm.catalogue.models import Brand, Product
from crm.customers.models import Portfolio, PortfolioHolding
from crm.sales.models import Lead, Opportunity, Quotation, Rival, SaleKind, Stage
from crm.sales.policies import works_with_sales
from portal.access.policies import visible_to
from portal.accounts.models import User
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, NumberFilter
from portal.organization.models import Department
from portal.organization.querysets import today

TONES = {"open": "", "won": "good", "lost": "danger"}
NEXT = (("late", gettext_lazy("late")), ("week", gettext_lazy("due within a week")), ("none", gettext_lazy("nothing said")))


def _stages() -> Iterator[tuple[str, str]]:
    for stage in Stage.objects.all():
        yield str(stage.pk), f"{stage.get_kind_display()} · {stage.label}"


def departments_selling() -> set[int]:
    """Those with portfolios of customers, and all above them."""
    paths = Portfolio.objects.values_list("department__path", flat=True).distinct()
    return {int(part) for path in paths for part in path.split("/") if part}


def _owners() -> Iterator[tuple[str, str]]:
    holds = Exists(PortfolioHolding.objects.filter(person=OuterRef("pk")))
    rows = User.objects.filter(Exists(Opportunity.objects.filter(owner=OuterRef("pk"))) | holds)
    for pk, name in rows.order_by("name").values_list("pk", "name"):
        yield str(pk), name


def _departments() -> Iterator[tuple[str, str]]:
    named = Exists(Opportunity.objects.filter(department=OuterRef("pk")))
    for one in Department.objects.filter(named | Q(pk__in=departments_selling())).order_by("path"):
        yield str(one.pk), one.label


def _products() -> Iterator[tuple[str, str]]:
    yield "none", _("none named")
    for pk, name in Product.objects.values_list("pk", "name"):
        yield str(pk), name


def _brands() -> Iterator[tuple[str, str]]:
    for pk, name in Brand.objects.values_list("pk", "name"):
        yield str(pk), name


def _below(code: str) -> Q:
    return Q(department__path__startswith=Department.objects.get(pk=code).path)


def all_portfolios() -> Iterator[tuple[str, str]]:
    for pk, name in Portfolio.objects.values_list("pk", "name"):
        yield str(pk), name


def _rivals() -> Iterator[tuple[str, str]]:
    yield "none", _("none named")
    for pk, name in Rival.objects.values_list("pk", "name"):
        yield str(pk), name


def _of_product(code: str) -> Q:
    return Q(product__isnull=True) if code == "none" else Q(product=code)


def _of_rival(code: str) -> Q:
    links = Opportunity.rivals.through.objects
    return ~Q(pk__in=links.values("opportunity")) if code == "none" else Q(pk__in=links.filter(rival=int(code)).values("opportunity"))


def has_reached(code: str) -> Q:
    """Those whose furthest stage is this one or one behind it, of the same kind of selling."""
    stage = Stage.objects.get(pk=code)
    return Q(kind=stage.kind, furthest__place__gte=stage.place)


def _next(code: str) -> Q:
    rows = Q(state=Opportunity.State.OPEN)
    if code == "none":
        return rows & Q(next_on__isnull=True)
    return rows & (Q(next_on__lt=today()) if code == "late" else Q(next_on__lte=today() + timedelta(days=7)))


def _expected(row: Opportunity) -> tuple[Any, str]:
    return f"{row.expected_on:%Y-%m-%d}", "danger" if row.is_open and row.expected_on < today() else ""


def _next_on(row: Opportunity) -> tuple[Any, str] | None:
    if row.next_on is None:
        return None
    return f"{row.next_on:%m-%d} {row.next_step}", "danger" if row.next_on < today() else ""


def _days_inside(row: Opportunity) -> int | None:
    return (today() - timezone.localdate(row.stage_since)).days if row.is_open else None


@register_list
class OpportunityList(List):
    """The opportunities at customers whose files somebody writes."""

    code = "crm.opportunities"
    url_name = "crm:opportunity_list"
    row_url_name = "crm:opportunity_detail"
    heading = gettext_lazy("Opportunities")
    icon = "target"
    template_name = "crm/sales/opportunity_list.html"
    words_in = ("name", "customer__root__found_by")
    words_label = gettext_lazy("Name, customer, pinyin")
    default_sort = "-opened"
    empty_title = gettext_lazy("No opportunity fits")
    empty_text = gettext_lazy("Ask for less, or open an opportunity.")
    columns = (
        Column("name", pgettext_lazy("of an opportunity", "Opportunity"), order_by=("name",)),
        Column("customer", gettext_lazy("Customer"), "customer.root.name", related=("customer__root",)),
        Column("stage", gettext_lazy("Stage"), "stage.label", related=("stage",)),
        Column("state", gettext_lazy("State"), lambda row: (row.get_state_display(), TONES[row.state]), "tag"),
        Column("amount", gettext_lazy("Sum"), "amount", "money", order_by=("amount",)),
        Column("expected", gettext_lazy("Expected on"), _expected, "tag", order_by=("expected_on",)),
        Column("next", gettext_lazy("What is next"), _next_on, "tag"),
        Column("owner", pgettext_lazy("of an opportunity", "Answers for it"), "owner.name", related=("owner",)),
        Column("opened", gettext_lazy("Opened on"), "opened_on", "day", order_by=("opened_on",)),
        Column("days", gettext_lazy("Days in the stage"), _days_inside, "number", is_shown=False),
        Column("furthest", gettext_lazy("Furthest stage"), "furthest.label", related=("furthest",), is_shown=False),
        Column("kind", gettext_lazy("Kind of selling"), lambda row: row.get_kind_display(), is_shown=False),
        Column("product", gettext_lazy("Product"), lambda row: row.product.name if row.product else "", related=("product",), is_shown=False),
        Column("department", gettext_lazy("Department"), "department.label", related=("department",), is_shown=False),
        Column("cause", gettext_lazy("Cause"), lambda row: row.get_cause_display(), is_shown=False),
        Column("closed", gettext_lazy("Closed on"), "closed_on", "day", order_by=("closed_on",), is_shown=False),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=Opportunity.State.choices),
        ChoiceFilter(key="stage", label=gettext_lazy("Stage"), anything=gettext_lazy("all"), choices=_stages),
        ChoiceFilter(key="next", label=gettext_lazy("What is next"), anything=gettext_lazy("all"), choices=NEXT, conditions=_next),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind of selling"), anything=gettext_lazy("all"), choices=SaleKind.choices, is_further=True),
        ChoiceFilter(key="reached", label=gettext_lazy("Reached"), anything=gettext_lazy("all"), choices=_stages, conditions=has_reached, is_further=True),
        ChoiceFilter(key="furthest", label=gettext_lazy("Furthest stage"), anything=gettext_lazy("all"), choices=_stages, is_further=True),
        ChoiceFilter(key="owner", label=pgettext_lazy("of an opportunity", "Answers for it"), anything=gettext_lazy("all"), choices=_owners, is_further=True),
        ChoiceFilter(key="department", label=gettext_lazy("Department"), anything=gettext_lazy("all"), choices=_departments, is_further=True),
        ChoiceFilter(key="product", label=gettext_lazy("Product"), anything=gettext_lazy("all"), choices=_products, conditions=_of_product, is_further=True),
        ChoiceFilter(key="rival", label=gettext_lazy("Rival"), anything=gettext_lazy("all"), choices=_rivals, conditions=_of_rival, is_further=True),
        ChoiceFilter(key="cause", label=gettext_lazy("Cause"), anything=gettext_lazy("all"), choices=Opportunity.Cause.choices, is_further=True),
        ChoiceFilter(
            key="under", label=gettext_lazy("Department and below"), anything=gettext_lazy("all"), choices=_departments, conditions=_below, is_further=True
        ),
        ChoiceFilter(key="brand", label=gettext_lazy("Brand"), field="product__brand", anything=gettext_lazy("all"), choices=_brands, is_further=True),
        ChoiceFilter(
            key="portfolio",
            label=gettext_lazy("Portfolio"),
            field="customer__root__portfolio",
            anything=gettext_lazy("all"),
            choices=all_portfolios,
            is_further=True,
        ),
        DayFilter(key="closed", label=gettext_lazy("Closed on"), field="closed_on", is_further=True),
        DayFilter(key="opened", label=gettext_lazy("Opened on"), field="opened_on", is_further=True),
        DayFilter(key="expected", label=gettext_lazy("Expected on"), field="expected_on", is_further=True),
        NumberFilter(key="amount", label=gettext_lazy("Sum, yuan"), unit=100, is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_sales(user)

    def rows(self, user: Any) -> QuerySet[Opportunity]:
        return visible_to(Opportunity, user)


def _portfolios() -> Iterator[tuple[str, str]]:
    for pk, name in Portfolio.objects.filter(closed_on__isnull=True).values_list("pk", "name"):
        yield str(pk), name


def _held_then(code: str) -> Q:
    """By whoever held the portfolio on the day on which it was noted."""
    return Q(pk__in=Lead.objects.annotate(of=holder_on("portfolio", "noted_on")).filter(of=code).values("pk"))


@register_list
class LeadList(List):
    """What somebody heard, and what became of it."""

    code = "crm.leads"
    url_name = "crm:lead_list"
    row_url_name = "crm:lead_detail"
    heading = gettext_lazy("Leads")
    icon = "radar"
    template_name = "crm/sales/lead_list.html"
    words_in = ("name", "text")
    words_label = gettext_lazy("Who or what")
    default_sort = "-noted"
    empty_title = gettext_lazy("No lead fits")
    columns = (
        Column("name", gettext_lazy("Who"), order_by=("name",)),
        Column("text", gettext_lazy("What they want")),
        Column("source", gettext_lazy("Source"), lambda row: row.get_source_display()),
        Column("state", gettext_lazy("State"), lambda row: (row.get_state_display(), "good" if row.state == Lead.State.TAKEN else ""), "tag"),
        Column("portfolio", gettext_lazy("Portfolio"), "portfolio.name", related=("portfolio",)),
        Column("noted", gettext_lazy("Noted on"), "noted_on", "day", order_by=("noted_on",)),
        Column("by", gettext_lazy("Noted by"), "author.name", related=("author",)),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=Lead.State.choices),
        ChoiceFilter(key="source", label=gettext_lazy("Source"), anything=gettext_lazy("all"), choices=Lead.Source.choices),
        ChoiceFilter(key="portfolio", label=gettext_lazy("Portfolio"), anything=gettext_lazy("all"), choices=_portfolios, is_further=True),
        ChoiceFilter(
            key="holder", label=gettext_lazy("Portfolio held by"), anything=gettext_lazy("all"), choices=_owners, conditions=_held_then, is_further=True
        ),
        ChoiceFilter(
            key="department",
            label=gettext_lazy("Department"),
            anything=gettext_lazy("all"),
            choices=_departments,
            field="portfolio__department",
            is_further=True,
        ),
        DayFilter(key="noted", label=gettext_lazy("Noted on"), field="noted_on", is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_sales(user)

    def rows(self, user: Any) -> QuerySet[Lead]:
        return visible_to(Lead, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Opportunities"), reverse("crm:opportunity_list"))]


QUOTATION_TONES = {"draft": "", "sent": "warning", "ordered": "good", "declined": "danger"}
VALID = (("yes", gettext_lazy("still valid")), ("no", gettext_lazy("no longer valid")))


def _valid(code: str) -> Q:
    rows = Q(state__in=(Quotation.State.DRAFT, Quotation.State.SENT))
    return rows & (Q(valid_through__gte=today()) if code == "yes" else Q(valid_through__lt=today()))


def _valid_through(row: Quotation) -> tuple[Any, str]:
    return f"{row.valid_through:%Y-%m-%d}", "danger" if row.has_expired else ""


@register_list
class QuotationList(List):
    """Every quotation to the customers whose files somebody writes, whoever wrote it (R28)."""

    code = "crm.quotations"
    url_name = "crm:quotation_list"
    row_url_name = "crm:quotation_detail"
    heading = gettext_lazy("Quotations")
    icon = "banknote"
    template_name = "crm/sales/quotation_list.html"
    words_in = ("number", "customer__root__found_by")
    words_label = gettext_lazy("Number, customer, pinyin")
    default_sort = "-begun"
    empty_title = gettext_lazy("No quotation fits")
    empty_text = gettext_lazy("Begin one at a customer or an opportunity.")
    columns = (
        Column("number", gettext_lazy("Quotation number"), order_by=("number",)),
        Column("customer", gettext_lazy("Customer"), "customer.root.name", related=("customer__root",)),
        Column("state", gettext_lazy("State"), lambda row: (row.get_state_display(), QUOTATION_TONES[row.state]), "tag"),
        Column("version", gettext_lazy("Version"), "version", "number"),
        Column("total", gettext_lazy("Sum"), "total", "money", order_by=("total",)),
        Column("valid", gettext_lazy("Valid through"), _valid_through, "tag", order_by=("valid_through",)),
        Column("by", gettext_lazy("Written by"), "author.name", related=("author",)),
        Column("begun", gettext_lazy("Begun"), "begun_at", "instant", order_by=("begun_at",)),
        Column("declined", gettext_lazy("Why declined"), "declined_because", is_shown=False),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=Quotation.State.choices),
        ChoiceFilter(key="valid", label=gettext_lazy("Valid through"), anything=gettext_lazy("all"), choices=VALID, conditions=_valid),
        DayFilter(key="begun", label=gettext_lazy("Begun"), field="begun_at", is_instant=True, is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_sales(user)

    def rows(self, user: Any) -> QuerySet[Quotation]:
        return visible_to(Quotation, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Sales"), reverse("crm:opportunity_board"))]
