"""Warnings and confidential reports as lists."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from crm.customers.warnings import warning_measures
from crm.service.models import CustomerWarning, Level, Report
from crm.service.policies import works_with_service
from crm.service.saying import say_value
from portal.access.policies import visible_to
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, FlagFilter

LEVEL_TONES = {"": "", "yellow": "warning", "orange": "warning", "red": "danger"}
OPEN = (
    ("now", pgettext_lazy("of a warning", "open")),
    ("treated", pgettext_lazy("of a warning", "to be verified")),
    ("closed", pgettext_lazy("of a warning", "closed")),
)
EASED = "eased"


def _measures() -> Iterator[tuple[str, str]]:
    for code, one in sorted(warning_measures().items()):
        yield code, str(one.label)


def _state(code: str) -> Q:
    return ~Q(state=CustomerWarning.State.CLOSED) if code == "now" else Q(state=code)


def _level(code: str) -> Q:
    return Q(level="" if code == EASED else code)


def _value(row: CustomerWarning) -> str:
    return say_value(row.measure, row.value)


@register_list
class WarningList(List):
    """Warnings of customers, the worst first."""

    code = "crm.warnings"
    url_name = "crm:warning_list"
    row_url_name = "crm:warning_detail"
    heading = pgettext_lazy("of customers", "Warnings")
    icon = "siren"
    template_name = "crm/service/warning_list.html"
    words_in = ("customer__root__found_by",)
    words_label = gettext_lazy("Customer, pinyin")
    default_sort = "-level"
    empty_title = gettext_lazy("No warning fits")
    columns = (
        Column("customer", gettext_lazy("Customer"), "customer.root.name", related=("customer__root",)),
        Column("measure", gettext_lazy("Measure"), lambda row: row.label),
        Column("level", pgettext_lazy("of a warning", "Level"), lambda row: (Level(row.level).label, LEVEL_TONES[row.level]), "tag", order_by=("rank",)),
        Column("value", gettext_lazy("Value"), _value),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display()),
        Column("owner", pgettext_lazy("of a request", "Owner"), "owner.name", related=("owner",)),
        Column("raised", pgettext_lazy("a warning", "Raised"), "opened_at", "instant", order_by=("opened_at",)),
        Column("cause", gettext_lazy("Cause"), is_shown=False),
        Column("treatment", gettext_lazy("Measure taken"), is_shown=False),
        Column("verified", gettext_lazy("Verified by"), lambda row: row.verified_by.name if row.verified_by else "", related=("verified_by",), is_shown=False),
    )
    filters = (
        FlagFilter(key="mine", label=pgettext_lazy("of requests", "Mine"), holds=Q(is_mine=True)),
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=OPEN, conditions=_state),
        ChoiceFilter(
            key="level",
            label=pgettext_lazy("of a warning", "Level"),
            anything=gettext_lazy("all"),
            choices=[(code or EASED, label) for code, label in Level.choices],
            conditions=_level,
        ),
        ChoiceFilter(key="measure", label=gettext_lazy("Measure"), anything=gettext_lazy("all"), choices=_measures),
        DayFilter(key="raised", label=pgettext_lazy("a warning", "Raised"), field="opened_at", is_instant=True, is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_service(user)

    def rows(self, user: Any) -> QuerySet[CustomerWarning]:
        return visible_to(CustomerWarning, user).annotate(is_mine=ExpressionWrapper(Q(owner=user.pk), output_field=BooleanField()))

    def crumbs(self) -> list[tuple[str, str]]:
        return [(pgettext("for customers", "Service"), reverse("crm:request_list"))]


REPORT_TONES = {"new": "warning", "taken": "", "closed": "good"}


@register_list
class ReportList(List):
    """One's own; all of them for who was given them to read."""

    code = "crm.reports"
    url_name = "crm:report_list"
    row_url_name = "crm:report_detail"
    heading = gettext_lazy("Confidential reports")
    icon = "message-square-lock"
    template_name = "crm/service/report_list.html"
    words_in = ("number", "text", "place")
    words_label = gettext_lazy("Number or words")
    default_sort = "-reported"
    is_exported = False
    empty_title = gettext_lazy("No report fits")
    columns = (
        Column("number", gettext_lazy("Number"), order_by=("number",)),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("place", gettext_lazy("Where"), lambda row: row.place or (row.customer.root.name if row.customer else ""), related=("customer__root",)),
        Column("state", gettext_lazy("State"), lambda row: (row.get_state_display(), REPORT_TONES[row.state]), "tag"),
        Column("reported", gettext_lazy("Reported"), "reported_at", "instant", order_by=("reported_at",)),
        Column("reporter", gettext_lazy("Reported by"), "reporter.name", related=("reporter",)),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=Report.State.choices),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), anything=gettext_lazy("all"), choices=Report.Kind.choices),
        DayFilter(key="reported", label=gettext_lazy("Reported"), field="reported_at", is_instant=True, is_further=True),
    )

    def rows(self, user: Any) -> QuerySet[Report]:
        return visible_to(Report, user)
