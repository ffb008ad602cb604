"""Requests as a list. What is due first stands first; figures count what fits the same filters."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from crm.orders.capabilities import KEEP_ACCOUNTS
from crm.service.models import Cause, Channel, Fault, Grade, Objection, Request, RequestKind
from crm.service.policies import works_with_service
from portal.access.policies import visible_to
from portal.access.registry import has_capability
from portal.accounts.models import User
from portal.foundation.dates import say_instant
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, FlagFilter
from portal.organization.models import Department
from portal.organization.querysets import today

State = Request.State
TONES = {"open": "", "waiting": "warning", "solved": "good"}
CLOCKS = (
    ("late", gettext_lazy("late")),
    ("today", gettext_lazy("due today")),
    ("unanswered", gettext_lazy("not answered yet")),
)
KEPT = (("yes", gettext_lazy("in time")), ("no", gettext_lazy("late")), ("running", gettext_lazy("still running")))


def _owners() -> Iterator[tuple[str, str]]:
    rows = User.objects.filter(Exists(Request.objects.filter(owner=OuterRef("pk"))))
    for pk, name in rows.order_by("name").values_list("pk", "name"):
        yield str(pk), name


def _departments() -> Iterator[tuple[str, str]]:
    for one in Department.objects.filter(Exists(Request.objects.filter(department=OuterRef("pk")))).order_by("path"):
        yield str(one.pk), one.label


def _clock(code: str) -> Q:
    now = timezone.now()
    if code == "late":
        return Q(due_at__lt=now)
    if code == "unanswered":
        return Q(answered_at__isnull=True)
    return Q(due_at__lt=timezone.make_aware(datetime.combine(today() + timedelta(days=1), time.min)))


def answered_in_time(code: str) -> Q:
    """By the clock that runs now; what was late before it was taken up again stays late."""
    now = timezone.now()
    late = Q(was_late=True) | Q(answered_at__gt=F("answer_due_at")) | Q(answered_at__isnull=True, answer_due_at__lt=now)
    if code == "no":
        return late
    running = Q(was_late=False, answered_at__isnull=True, answer_due_at__gte=now)
    return running if code == "running" else Q(was_late=False, answered_at__lte=F("answer_due_at"))


def solved_in_time(code: str) -> Q:
    now = timezone.now()
    late = Q(was_late=True) | Q(solved_at__gt=F("solve_due_at")) | Q(solved_at__isnull=True, solve_due_at__lt=now)
    if code == "no":
        return late
    running = Q(was_late=False, solved_at__isnull=True) & (Q(solve_due_at__isnull=True) | Q(solve_due_at__gte=now))
    return running if code == "running" else Q(was_late=False, solved_at__lte=F("solve_due_at"))


def _due(row: Any) -> tuple[Any, str] | None:
    if row.due_at is None:
        return None
    return say_instant(row.due_at), "danger" if row.due_at < timezone.now() else "warning" if timezone.localdate(row.due_at) == today() else ""


@register_list
class RequestList(List):
    """What customers ask, due first."""

    code = "crm.requests"
    url_name = "crm:request_list"
    row_url_name = "crm:request_detail"
    heading = pgettext_lazy("for customers", "Service")
    icon = "headset"
    template_name = "crm/service/request_list.html"
    words_in = ("number", "text", "caller", "customer__root__found_by")
    words_label = gettext_lazy("Number, words, customer, pinyin")
    default_sort = "due"
    empty_title = gettext_lazy("No request fits")
    empty_text = gettext_lazy("Ask for less, or note a request.")
    related = ("customer__root",)
    columns = (
        Column("number", gettext_lazy("Request number"), order_by=("number",)),
        Column("who", pgettext_lazy("of a request", "Who asks"), lambda row: row.who),
        Column("text", pgettext_lazy("of a request", "What is asked"), lambda row: row.text[:80]),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("due", pgettext_lazy("of a request", "Due"), _due, "tag", order_by=("due_at",)),
        Column("state", gettext_lazy("State"), lambda row: (row.get_state_display(), TONES[row.state]), "tag"),
        Column("owner", pgettext_lazy("of a request", "Owner"), "owner.name", related=("owner",)),
        Column("noted", gettext_lazy("Noted"), "noted_at", "instant", order_by=("noted_at",)),
        Column("channel", gettext_lazy("Way"), lambda row: row.get_channel_display(), is_shown=False),
        Column("answered", gettext_lazy("Answered"), "answered_at", "instant", is_shown=False),
        Column("solved", pgettext_lazy("of a request", "Solved"), "solved_at", "instant", is_shown=False),
        Column("fee", gettext_lazy("Fee"), lambda row: row.fee or None, "money", is_shown=False),
        Column("department", gettext_lazy("Department"), lambda row: row.department.label if row.department else "", related=("department",), is_shown=False),
    )
    filters = (
        FlagFilter(key="mine", label=pgettext_lazy("of requests", "Mine"), holds=Q(is_mine=True)),
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=State.choices),
        ChoiceFilter(key="clock", label=gettext_lazy("Clock"), anything=gettext_lazy("all"), choices=CLOCKS, conditions=_clock),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), anything=gettext_lazy("all"), choices=RequestKind.choices),
        ChoiceFilter(key="channel", label=gettext_lazy("Way"), anything=gettext_lazy("all"), choices=Channel.choices, is_further=True),
        ChoiceFilter(key="owner", label=pgettext_lazy("of a request", "Owner"), anything=gettext_lazy("all"), choices=_owners, is_further=True),
        ChoiceFilter(key="department", label=gettext_lazy("Department"), anything=gettext_lazy("all"), choices=_departments, is_further=True),
        ChoiceFilter(
            key="answered", label=gettext_lazy("First answer"), anything=gettext_lazy("all"), choices=KEPT, conditions=answered_in_time, is_further=True
        ),
        ChoiceFilter(
            key="solved",
            label=pgettext_lazy("of a request", "Solution"),
            anything=gettext_lazy("all"),
            choices=KEPT,
            conditions=solved_in_time,
            is_further=True,
        ),
        DayFilter(key="noted", label=gettext_lazy("Noted"), field="noted_at", is_instant=True, is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_service(user)

    def rows(self, user: Any) -> QuerySet[Request]:
        return visible_to(Request, user).annotate(is_mine=ExpressionWrapper(Q(owner=user.pk), output_field=BooleanField()))


OBJECTION_TONES = {"diagnosis": "warning", "judgement": "warning", "pay": "warning", "word": "", "closed": "good"}
GRADE_TONES = {"ordinary": "", "typical": "warning", "serious": "danger"}
OPEN = (("open", pgettext_lazy("of an objection", "open")), *Objection.State.choices)


def _state(code: str) -> Q:
    return ~Q(state=Objection.State.CLOSED) if code == "open" else Q(state=code)


@register_list
class ObjectionList(List):
    """Complaints and objections to quality."""

    code = "crm.objections"
    url_name = "crm:objection_list"
    row_url_name = "crm:objection_detail"
    heading = gettext_lazy("Complaints and objections")
    icon = "message-square-warning"
    template_name = "crm/service/objection_list.html"
    words_in = ("number", "text", "lot", "customer__root__found_by")
    words_label = gettext_lazy("Number, words, lot, customer, pinyin")
    default_sort = "due"
    empty_title = gettext_lazy("No complaint or objection fits")
    related = ("customer__root",)
    columns = (
        Column("number", gettext_lazy("Number"), order_by=("number",)),
        Column("customer", gettext_lazy("Customer"), "customer.root.name"),
        Column("fault", gettext_lazy("About what"), lambda row: row.get_fault_display()),
        Column("grade", pgettext_lazy("of an objection", "Grade"), lambda row: (row.get_grade_display(), GRADE_TONES[row.grade]), "tag"),
        Column("due", pgettext_lazy("of a request", "Due"), _due, "tag", order_by=("due_at",)),
        Column("state", gettext_lazy("State"), lambda row: (row.get_state_display(), OBJECTION_TONES[row.state]), "tag"),
        Column("owner", gettext_lazy("Handled by"), "owner.name", related=("owner",)),
        Column("noted", gettext_lazy("Noted"), "noted_at", "instant", order_by=("noted_at",)),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display(), is_shown=False),
        Column("product", gettext_lazy("Product"), lambda row: row.line.product.name if row.line else "", related=("line__product",), is_shown=False),
        Column("lot", gettext_lazy("Lot"), is_shown=False),
        Column("result", gettext_lazy("Result"), lambda row: row.get_result_display(), is_shown=False),
        Column("cause", gettext_lazy("Cause"), lambda row: row.get_cause_display(), is_shown=False),
        Column("awarded", gettext_lazy("Compensation"), lambda row: row.awarded or None, "money", is_shown=False),
    )
    filters = (
        FlagFilter(key="mine", label=pgettext_lazy("of requests", "Mine"), holds=Q(is_mine=True)),
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=OPEN, conditions=_state),
        ChoiceFilter(key="grade", label=pgettext_lazy("of an objection", "Grade"), anything=gettext_lazy("all"), choices=Grade.choices),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), anything=gettext_lazy("all"), choices=Objection.Kind.choices),
        ChoiceFilter(key="fault", label=gettext_lazy("About what"), anything=gettext_lazy("all"), choices=Fault.choices, is_further=True),
        ChoiceFilter(key="cause", label=gettext_lazy("Cause"), anything=gettext_lazy("all"), choices=Cause.choices, is_further=True),
        ChoiceFilter(key="result", label=gettext_lazy("Result"), anything=gettext_lazy("all"), choices=Objection.Result.choices, is_further=True),
        DayFilter(key="noted", label=gettext_lazy("Noted"), field="noted_at", is_instant=True, is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return works_with_service(user) or has_capability(user, KEEP_ACCOUNTS)

    def rows(self, user: Any) -> QuerySet[Objection]:
        return visible_to(Objection, user).annotate(is_mine=ExpressionWrapper(Q(owner=user.pk), output_field=BooleanField()))

    def crumbs(self) -> list[tuple[str, str]]:
        return [(pgettext("for customers", "Service"), reverse("crm:request_list"))]
