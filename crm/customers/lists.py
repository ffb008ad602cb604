"""Customers and portfolios as lists."""

from collections.abc import Iterator
from datetime import timedelta
from html import escape
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.customers.field_rights import DEALINGS, TIERS, sees_everywhere
from crm.customers.models import Customer, Dealing, Portfolio, PortfolioHolding, Tier, TierSpan
from crm.customers.models.customers import LICENCE_SOON, Stage
from crm.customers.models.tiers import spans_on
from crm.customers.policies import works_with_customers
from portal.access.policies import visible_to
from portal.accounts.models import User
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter
from portal.organization.models import Department
from portal.organization.querysets import today

LICENCES = (("ended", gettext_lazy("ended")), ("soon", gettext_lazy("ends within 60 days")), ("none", gettext_lazy("not said")))
PROMISES = (("late", gettext_lazy("late")), ("week", gettext_lazy("due within a week")), ("any", gettext_lazy("anything promised")))
OF_TIERS = (*Tier.choices, ("none", gettext_lazy("none decided")))
TONES = {"ended": "danger", "soon": "warning", "": ""}
QUIET_DAYS = (("30", gettext_lazy("not for 30 days")), ("90", gettext_lazy("not for 90 days")))


def _sees_tiers(user: Any) -> bool:
    return sees_everywhere(user, TIERS)


def _sees_dealings(user: Any) -> bool:
    return sees_everywhere(user, DEALINGS)


def _portfolios() -> Iterator[tuple[str, str]]:
    for pk, name in Portfolio.objects.filter(closed_on__isnull=True).values_list("pk", "name"):
        yield str(pk), name


def _holders() -> Iterator[tuple[str, str]]:
    rows = User.objects.filter(Exists(PortfolioHolding.objects.on(today()).filter(person=OuterRef("pk"))))
    for pk, name in rows.order_by("name").values_list("pk", "name"):
        yield str(pk), name


def _held_by(code: str) -> Q:
    return Q(portfolio__in=PortfolioHolding.objects.on(today()).filter(person=int(code)).values("portfolio"))


def _departments() -> Iterator[tuple[str, str]]:
    for one in Department.objects.filter(Exists(Portfolio.objects.filter(department=OuterRef("pk")))).order_by("path"):
        yield str(one.pk), one.label


def _licence_is(code: str) -> Q:
    day = today()
    if code == "none":
        return Q(licence_ends_on__isnull=True)
    return Q(licence_ends_on__lt=day) if code == "ended" else Q(licence_ends_on__gte=day, licence_ends_on__lte=day + timedelta(days=LICENCE_SOON))


def _promised(code: str) -> Q:
    rows = Dealing.objects.filter(due_on__isnull=False, kept_at__isnull=True)
    if code == "late":
        rows = rows.filter(due_on__lt=today())
    elif code == "week":
        rows = rows.filter(due_on__lte=today() + timedelta(days=7))
    return Q(pk__in=rows.values("customer__root"))


def _quiet(days: str) -> Q:
    spoken = Dealing.objects.exclude(kind=Dealing.Kind.NOTE).filter(happened_at__date__gt=today() - timedelta(days=int(days)))
    return ~Q(pk__in=spoken.values("customer__root"))


def _licence(customer: Customer) -> tuple[Any, str] | None:
    if customer.licence_ends_on is None:
        return None
    return f"{customer.licence_ends_on:%Y-%m-%d}", TONES[customer.licence_state(today())]


def _name(customer: Customer) -> str:
    ended = f' <span class="tag">{escape(_("closed"))}</span>' if customer.ended_on else ""
    return f'{escape(customer.name)}{ended} <span class="faint small">{escape(customer.code)}</span>'


def _promise(customer: Any) -> tuple[Any, str] | None:
    if customer.promised_on is None:
        return None
    return f"{customer.promised_on:%Y-%m-%d}", "danger" if customer.promised_on < today() else ""


def _spans() -> QuerySet[TierSpan]:
    return spans_on(today())


def _of_tier(code: str) -> Q:
    if code == "none":
        return ~Q(pk__in=_spans().values("customer"))
    return Q(pk__in=_spans().filter(tier=code).values("customer"))


def _tier_of() -> dict[str, Any]:
    rows = _spans().filter(customer=OuterRef("pk"))
    return {"tier": Subquery(rows.values("tier")[:1]), "grade": Subquery(rows.values("grade")[:1])}


def _tier(customer: Any) -> str:
    return str(Tier(customer.tier).label) if customer.tier else ""


def _last_contact() -> dict[str, Any]:
    rows = Dealing.objects.filter(customer__root=OuterRef("pk")).exclude(kind=Dealing.Kind.NOTE).order_by("-happened_at", "-id")
    return {"contacted_at": Subquery(rows.values("happened_at")[:1])}


def _next_promise() -> dict[str, Any]:
    rows = Dealing.objects.filter(customer__root=OuterRef("pk"), due_on__isnull=False, kept_at__isnull=True).order_by("due_on")
    return {"promised_on": Subquery(rows.values("due_on")[:1])}


@register_list
class CustomerList(List):
    """The customers that somebody may see: of a portfolio, of a department, or all of them."""

    code = "crm.customers"
    url_name = "crm:customer_list"
    row_url_name = "crm:customer_detail"
    heading = gettext_lazy("Customers")
    icon = "store"
    template_name = "crm/customer_list.html"
    words_in = ("found_by",)
    words_label = gettext_lazy("Name, pinyin, number, licence")
    default_sort = "name"
    per_page = 25
    empty_title = gettext_lazy("No customer fits")
    empty_text = gettext_lazy("Ask for less, or take up a new customer.")
    columns = (
        Column("name", gettext_lazy("Customer"), _name, "html", order_by=("name_pinyin",), plain=lambda row: row.name),
        Column("code", gettext_lazy("Customer number"), order_by=("code",), is_shown=False),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("portfolio", gettext_lazy("Portfolio"), "portfolio.name", related=("portfolio",)),
        Column("tier", gettext_lazy("Tier"), _tier, annotations=_tier_of, is_allowed=_sees_tiers),
        Column("grade", gettext_lazy("Grade"), "grade", "number", annotations=_tier_of, is_shown=False, is_allowed=_sees_tiers),
        Column("stage", gettext_lazy("Stage of life"), lambda row: row.get_stage_display(), is_shown=False),
        Column("market", gettext_lazy("Market"), lambda row: row.get_market_display()),
        Column("trade", gettext_lazy("Trade"), lambda row: row.get_trade_display(), is_shown=False),
        Column("licence", gettext_lazy("Licence ends"), _licence, "tag", order_by=("licence_ends_on",)),
        Column("contacted", gettext_lazy("Last contact"), "contacted_at", "instant", annotations=_last_contact, is_allowed=_sees_dealings),
        Column("promised", gettext_lazy("Promised until"), _promise, "tag", annotations=_next_promise, is_allowed=_sees_dealings),
        Column("licence_no", gettext_lazy("Licence number"), is_shown=False),
        Column("uscc", gettext_lazy("Credit code"), is_shown=False),
        Column("address", gettext_lazy("Address"), is_shown=False),
    )
    filters = (
        ChoiceFilter(key="portfolio", label=gettext_lazy("Portfolio"), anything=gettext_lazy("all"), choices=_portfolios, is_further=True),
        ChoiceFilter(
            key="promised", label=gettext_lazy("Promises"), anything=gettext_lazy("all"), choices=PROMISES, conditions=_promised, is_allowed=_sees_dealings
        ),
        ChoiceFilter(key="licence", label=gettext_lazy("Licence"), anything=gettext_lazy("all"), choices=LICENCES, conditions=_licence_is),
        ChoiceFilter(key="tier", label=gettext_lazy("Tier"), anything=gettext_lazy("all"), choices=OF_TIERS, conditions=_of_tier, is_allowed=_sees_tiers),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), anything=gettext_lazy("all"), choices=Customer.Kind.choices, is_further=True),
        ChoiceFilter(key="stage", label=gettext_lazy("Stage of life"), anything=gettext_lazy("all"), choices=Stage.choices, is_further=True),
        ChoiceFilter(key="market", label=gettext_lazy("Market"), anything=gettext_lazy("all"), choices=Customer.Market.choices, is_further=True),
        ChoiceFilter(key="trade", label=gettext_lazy("Trade"), anything=gettext_lazy("all"), choices=Customer.Trade.choices, is_further=True),
        ChoiceFilter(
            key="quiet",
            label=gettext_lazy("Spoken to"),
            anything=gettext_lazy("any time"),
            choices=QUIET_DAYS,
            conditions=_quiet,
            is_further=True,
            is_allowed=_sees_dealings,
        ),
        ChoiceFilter(
            key="holder", label=gettext_lazy("Portfolio held by"), anything=gettext_lazy("all"), choices=_holders, conditions=_held_by, is_further=True
        ),
        ChoiceFilter(
            key="department",
            label=gettext_lazy("Department"),
            anything=gettext_lazy("all"),
            choices=_departments,
            field="portfolio__department",
            is_further=True,
        ),
        DayFilter(key="licence_day", label=gettext_lazy("Licence ends"), field="licence_ends_on", is_further=True),
        DayFilter(key="taken_up", label=gettext_lazy("Taken up"), field="created_at", is_instant=True, is_further=True),
        DayFilter(key="closed", label=gettext_lazy("Closed on"), field="ended_on", is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_customers(user)

    def rows(self, user: Any) -> QuerySet[Customer]:
        return visible_to(Customer, user).defer("remark", "found_by", "kin_found_by")


def _holder() -> dict[str, Any]:
    rows = PortfolioHolding.objects.on(today()).filter(portfolio=OuterRef("pk"))
    return {"holder": Subquery(rows.values("person__name")[:1]), "held_since": Subquery(rows.values("starts_on")[:1])}


def _held(portfolio: Any) -> tuple[Any, str]:
    return (portfolio.holder, "") if portfolio.holder else (_("nobody"), "danger")


@register_list
class PortfolioList(List):
    code = "crm.portfolios"
    url_name = "crm:portfolio_list"
    row_url_name = "crm:portfolio_detail"
    heading = gettext_lazy("Portfolios")
    icon = "map"
    template_name = "crm/portfolio_list.html"
    words_in = ("name", "name_pinyin", "code")
    words_label = gettext_lazy("Name or code")
    default_sort = "name"
    empty_title = gettext_lazy("No portfolio fits")
    columns = (
        Column("name", pgettext_lazy("of a portfolio", "Portfolio"), order_by=("name_pinyin",)),
        Column("code", gettext_lazy("Code"), order_by=("code",)),
        Column("department", gettext_lazy("Department"), "department.label", related=("department",)),
        Column("holder", pgettext_lazy("of a portfolio", "Answers for it"), _held, "tag", annotations=_holder),
        Column("since", gettext_lazy("Since"), "held_since", "day", annotations=_holder),
        Column(
            "number",
            gettext_lazy("Customers"),
            "customer_count",
            "number",
            annotations=lambda: {"customer_count": Count("customers", filter=Q(customers__root=F("customers__pk")), distinct=True)},
        ),
        Column(
            "promised",
            gettext_lazy("Promised until"),
            "promised_on",
            "day",
            annotations=lambda: {
                "promised_on": Min("customers__dealings__due_on", filter=Q(customers__dealings__kept_at__isnull=True)),
            },
        ),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_customers(user)

    def rows(self, user: Any) -> QuerySet[Portfolio]:
        return visible_to(Portfolio, user).filter(closed_on__isnull=True)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Customers"), reverse("crm:customer_list"))]
