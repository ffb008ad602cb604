"""Market reports and the calls for them, as lists. The figures of a call and of people count what fits the filters of the first."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from crm.activities.market_clock import MOST_COUNTED, days_late, has_time, is_in_time, is_late
from crm.activities.models import MarketCall, MarketReport, MarketReturn
from crm.activities.policies import works_with_market
from crm.customers.models import Portfolio, PortfolioHolding
from crm.customers.policies import held_portfolios
from portal.access.policies import visible_to
from portal.accounts.models import User
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter
from portal.organization.models import Department
from portal.organization.querysets import today

ALL = gettext_lazy("all")
State = MarketReport.State
TONES = {State.OWED: "", State.HANDED_IN: "notice", State.GRADED: "good"}
STATES = (
    *State.choices,
    ("sent_back", pgettext_lazy("of a market report", "sent back, owed again")),
)
MINE = (("mine", pgettext_lazy("of market reports", "mine")), ("owed", pgettext_lazy("of market reports", "owed by me")))
SPEEDS = (
    ("in_time", pgettext_lazy("of a market report", "in time")),
    ("late", pgettext_lazy("of a market report", "late")),
    ("open", pgettext_lazy("of a market report", "not due yet")),
)
GRADES = tuple((str(number), str(number)) for number in range(1, 6))


def of_state(code: str) -> Q:
    return Q(state=State.OWED, is_returned=True) if code == "sent_back" else Q(state=code)


def of_speed(code: str) -> Q:
    return {"in_time": is_in_time, "late": is_late, "open": has_time}[code]()


def of_person(code: str) -> Q:
    """Written by this person, or owed in what they hold today."""
    held = PortfolioHolding.objects.on(today()).filter(person=int(code)).values("portfolio")
    return Q(writer=code) | Q(writer__isnull=True, portfolio__in=held)


def below(code: str) -> Q:
    path = Department.objects.filter(pk=code).values_list("path", flat=True).first()
    return Q(portfolio__department__path__startswith=path) if path else Q(pk__in=[])


def _of_me(code: str) -> Q:
    return Q(is_mine=True) if code == "mine" else Q(is_mine=True, state=State.OWED)


def _people() -> Iterator[tuple[str, str]]:
    holds = Exists(PortfolioHolding.objects.filter(person=OuterRef("pk")))
    for pk, name in User.objects.filter(holds | Exists(MarketReport.objects.filter(writer=OuterRef("pk")))).order_by("name").values_list("pk", "name"):
        yield str(pk), name


def _departments() -> Iterator[tuple[str, str]]:
    paths = Portfolio.objects.order_by().values_list("department__path", flat=True).distinct()
    above = {int(part) for path in paths for part in path.split("/") if part}
    for one in Department.objects.filter(pk__in=above).order_by("path"):
        yield str(one.pk), one.label


def _portfolios() -> Iterator[tuple[str, str]]:
    for pk, name in Portfolio.objects.values_list("pk", "name"):
        yield str(pk), name


def _calls() -> Iterator[tuple[str, str]]:
    for one in MarketCall.objects.select_related("department"):
        yield str(one.pk), f"{one} · {one.department.label}"


def speed_of(row: MarketReport) -> tuple[str, str] | None:
    """In time, or so many working days late; nothing where there is time left."""
    late = days_late(row.call.late_days, row.handed_in_on or today())
    if late >= MOST_COUNTED:
        return _("%(number)s working days late or more") % {"number": MOST_COUNTED}, "danger"
    if late:
        return ngettext("%(number)s working day late", "%(number)s working days late", late) % {"number": late}, "danger"
    return (str(SPEEDS[0][1]), "good") if row.handed_in_on else None


def said_of(row: Any) -> tuple[str, str]:
    if row.is_owed and row.is_returned:
        return str(STATES[-1][1]), "warning"
    return row.get_state_display(), TONES[row.state]


def owed_by(row: Any) -> str:
    """Who wrote it, or owes it now."""
    return (row.writer.name if row.writer else row.holder_name) or _("nobody")


def with_holder() -> dict[str, Any]:
    rows = PortfolioHolding.objects.on(today()).filter(portfolio=OuterRef("portfolio"))
    return {"holder_name": Subquery(rows.values("person__name")[:1])}


@register_list
class MarketReportList(List):
    code = "crm.market_reports"
    url_name = "crm:market_report_list"
    row_url_name = "crm:market_report_detail"
    heading = gettext_lazy("Market reports")
    icon = "clipboard-list"
    template_name = "crm/activities/market_report_list.html"
    words_in = ("sells", "stock", "demands", "opinions", "moves", "prices", "promotions", "strength", "outlook", "portfolio__name")
    words_label = gettext_lazy("Words, portfolio")
    default_sort = "-due"
    related = ("call", "portfolio", "writer")
    empty_title = gettext_lazy("No report fits")
    empty_text = gettext_lazy("A head calls for reports on users or rivals; each portfolio then owes one.")
    columns = (
        Column("portfolio", gettext_lazy("Portfolio"), "portfolio.name"),
        Column("kind", gettext_lazy("On what"), lambda row: row.call.get_kind_display()),
        Column("period", pgettext_lazy("of a report", "Period"), "call.period"),
        Column("due", gettext_lazy("Due on"), "call.due_on", "day", order_by=("call__due_on",)),
        Column("person", pgettext_lazy("of a text", "Written by"), owed_by, annotations=with_holder),
        Column("state", gettext_lazy("State"), said_of, "tag"),
        Column("speed", gettext_lazy("Speed"), speed_of, "tag"),
        Column("accuracy", gettext_lazy("Accuracy"), "accuracy", "number"),
        Column("verdict", gettext_lazy("Why this grade"), "verdict", is_shown=False),
        Column("handed_in", gettext_lazy("Handed in"), "handed_in_at", "instant", is_shown=False),
        Column("department", gettext_lazy("Department"), "portfolio.department.label", related=("portfolio__department",), is_shown=False),
        Column("sells", gettext_lazy("What sells and what does not"), lambda row: row.sells[:200], is_shown=False),
        Column("stock", gettext_lazy("Stock at the customers"), lambda row: row.stock[:200], is_shown=False),
        Column("demands", gettext_lazy("What is asked for"), lambda row: row.demands[:200], is_shown=False),
        Column("opinions", gettext_lazy("What customers say"), lambda row: row.opinions[:200], is_shown=False),
        Column("moves", gettext_lazy("What makers did"), lambda row: row.moves[:200], is_shown=False),
        Column("prices", gettext_lazy("Prices seen"), lambda row: row.prices[:200], is_shown=False),
        Column("promotions", gettext_lazy("Promotions of rivals"), lambda row: row.promotions[:200], is_shown=False),
        Column("strength", gettext_lazy("Strong and weak sides of rivals"), lambda row: row.strength[:200], is_shown=False),
        Column("outlook", gettext_lazy("Outlook, and what we should do"), lambda row: row.outlook[:200], is_shown=False),
    )
    filters = (
        ChoiceFilter(key="mine", label=gettext_lazy("Whose"), anything=ALL, choices=MINE, conditions=_of_me),
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=ALL, choices=STATES, conditions=of_state),
        ChoiceFilter(key="kind", label=gettext_lazy("On what"), anything=ALL, choices=MarketCall.Kind.choices, field="call__kind"),
        ChoiceFilter(key="speed", label=gettext_lazy("Speed"), anything=ALL, choices=SPEEDS, conditions=of_speed),
        ChoiceFilter(key="accuracy", label=gettext_lazy("Accuracy"), anything=ALL, choices=GRADES, is_further=True),
        ChoiceFilter(key="call", label=gettext_lazy("Call for market reports"), anything=ALL, choices=_calls, is_further=True),
        ChoiceFilter(key="person", label=gettext_lazy("Person"), anything=ALL, choices=_people, conditions=of_person, is_further=True),
        ChoiceFilter(key="under", label=gettext_lazy("Department and below"), anything=ALL, choices=_departments, conditions=below, is_further=True),
        ChoiceFilter(key="portfolio", label=gettext_lazy("Portfolio"), anything=ALL, choices=_portfolios, is_further=True),
        DayFilter(key="due", label=gettext_lazy("Due on"), field="call__due_on", is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_market(user)

    def rows(self, user: Any) -> QuerySet[MarketReport]:
        return with_standing(visible_to(MarketReport, user), user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Visits"), reverse("crm:visit_week"))]


def with_standing(rows: QuerySet[MarketReport], user: Any) -> QuerySet[Any]:
    """Each with whether it is this person's, and whether it was sent back."""
    mine = Q(writer=user.pk) | Q(writer__isnull=True, portfolio__in=held_portfolios(user))
    return rows.annotate(is_returned=Exists(MarketReturn.objects.filter(report=OuterRef("pk"))), is_mine=mine)


@register_list
class MarketCallList(List):
    code = "crm.market_calls"
    url_name = "crm:market_call_list"
    row_url_name = "crm:market_call_detail"
    heading = gettext_lazy("Calls for market reports")
    icon = "clipboard-pen"
    template_name = "crm/activities/market_call_list.html"
    default_sort = "-due"
    related = ("department", "called_by")
    empty_title = gettext_lazy("No call fits")
    empty_text = gettext_lazy("A head calls for reports on users or rivals; each portfolio then owes one.")
    columns = (
        Column("kind", gettext_lazy("On what"), lambda row: row.get_kind_display()),
        Column("period", pgettext_lazy("of a report", "Period"), "period"),
        Column("due", gettext_lazy("Due on"), "due_on", "day", order_by=("due_on",)),
        Column("department", gettext_lazy("Department"), "department.label"),
        Column("by", gettext_lazy("Called for by"), "called_by.name"),
        Column("words", gettext_lazy("What to look at above all"), "words"),
    )
    filters = (
        ChoiceFilter(key="kind", label=gettext_lazy("On what"), anything=ALL, choices=MarketCall.Kind.choices),
        DayFilter(key="due", label=gettext_lazy("Due on"), field="due_on", is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_market(user)

    def rows(self, user: Any) -> QuerySet[MarketCall]:
        return visible_to(MarketCall, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Visits"), reverse("crm:visit_week")), (_("Market reports"), reverse("crm:market_report_list"))]
