"""Diaries as a list: one's own, and those of everyone below."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.activities.models import Diary, DiaryReading
from crm.activities.policies import may_write_diaries
from crm.activities.services.diaries import read_diary
from portal.access.policies import visible_to
from portal.accounts.models import User
from portal.lists.columns import Column
from portal.lists.definition import List, RowAct, register_list
from portal.lists.filters import ChoiceFilter, DayFilter
from portal.organization.models import Department

STATES = (
    ("unread", pgettext_lazy("of diaries", "not read by me")),
    ("waits", gettext_lazy("asks for an answer")),
    ("answered", pgettext_lazy("of a diary", "answered")),
    ("mine", pgettext_lazy("of diaries", "mine")),
)


def _state(code: str) -> Q:
    return {
        "unread": Q(is_mine=False, is_read=False),
        "waits": Q(asks=True, answered_at__isnull=True),
        "answered": Q(answered_at__isnull=False),
        "mine": Q(is_mine=True),
    }[code]


def _said(row: Any) -> tuple[Any, str] | None:
    if row.waits:
        return _("asks for an answer"), "warning"
    if row.answered_at:
        return str(STATES[2][1]), "good"
    return None if row.is_mine or row.is_read else (_("new"), "accent")


def _writers() -> Iterator[tuple[str, str]]:
    rows = User.objects.filter(Exists(Diary.objects.filter(person=OuterRef("pk"))))
    for pk, name in rows.order_by("name").values_list("pk", "name"):
        yield str(pk), name


def _departments() -> Iterator[tuple[str, str]]:
    for one in Department.objects.filter(Exists(Diary.objects.filter(department=OuterRef("pk")))).order_by("path"):
        yield str(one.pk), one.label


@register_list
class DiaryList(List):
    code = "crm.diaries"
    url_name = "crm:diary_list"
    row_url_name = "crm:diary_detail"
    heading = gettext_lazy("Diaries")
    icon = "notebook-pen"
    template_name = "crm/activities/diary_list.html"
    words_in = ("done", "thoughts", "plans", "person__name")
    words_label = gettext_lazy("Words, who wrote it")
    default_sort = "-day"
    related = ("person",)
    empty_title = gettext_lazy("No diary fits")
    empty_text = gettext_lazy("A diary is drafted from the visits and calls of the day; you add your own words.")
    columns = (
        Column("who", pgettext_lazy("of a text", "Written by"), "person.name"),
        Column("day", gettext_lazy("Day"), "day", "day", order_by=("day",)),
        Column("state", gettext_lazy("State"), _said, "tag"),
        Column("thoughts", gettext_lazy("What leaders should know"), lambda row: row.thoughts[:100]),
        Column("done", gettext_lazy("Work of the day"), lambda row: row.done[:60]),
        Column("plans", gettext_lazy("Plans for the next day"), lambda row: row.plans[:120], is_shown=False),
        Column("department", gettext_lazy("Department"), lambda row: row.department.label, related=("department",), is_shown=False),
        Column("written", gettext_lazy("Written"), "written_at", "instant", is_shown=False),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=STATES, conditions=_state),
        ChoiceFilter(key="person", label=pgettext_lazy("of a text", "Written by"), anything=gettext_lazy("all"), choices=_writers, is_further=True),
        ChoiceFilter(key="department", label=gettext_lazy("Department"), anything=gettext_lazy("all"), choices=_departments, is_further=True),
        DayFilter(key="day", label=gettext_lazy("Day"), is_further=True),
    )
    acts = (RowAct("read", gettext_lazy("Mark as read"), "read", read_diary, "check-check"),)

    def is_allowed(self, user: Any) -> bool:
        return may_write_diaries(user)

    def rows(self, user: Any) -> QuerySet[Diary]:
        return with_reading(visible_to(Diary, user), user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Visits"), reverse("crm:visit_week"))]


def with_reading(rows: QuerySet[Diary], user: Any) -> QuerySet[Any]:
    """Each with whether this person has read it, and whether it is theirs."""
    read = DiaryReading.objects.filter(diary=OuterRef("pk"), reader=user.pk)
    return rows.annotate(is_read=Exists(read), is_mine=Q(person=user.pk))
