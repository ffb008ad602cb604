"""Meetings, and what was asked and promised there, as lists."""

from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from crm.marketing.models import Meeting, MeetingPoint
from portal.access.policies import visible_to
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, FlagFilter
from portal.organization.querysets import today

ANY = gettext_lazy("all")
TONES = {"open": "warning", "done": "", "kept": "good"}


def meeting_crumbs() -> list[tuple[str, str]]:
    return [(pgettext("of the plant", "Marketing"), reverse("crm:marketing_home")), (pgettext("of marketing", "Meetings"), reverse("crm:meeting_list"))]


@register_list
class MeetingList(List):
    code = "crm.meetings"
    url_name = "crm:meeting_list"
    row_url_name = "crm:meeting_detail"
    heading = pgettext_lazy("of marketing", "Meetings")
    icon = "handshake"
    template_name = "crm/marketing/meeting_list.html"
    words_in = ("name", "number", "summary")
    words_label = gettext_lazy("Name, number, words")
    default_sort = "-held"
    empty_title = gettext_lazy("No meeting fits")
    empty_text = gettext_lazy("Those who work in marketing note them; yours stands here once you answer for it or have something to do from it.")
    columns = (
        Column("name", pgettext_lazy("of marketing", "Meeting"), order_by=("name",)),
        Column("number", pgettext_lazy("of a meeting", "Number"), order_by=("number",)),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("held", pgettext_lazy("of a meeting", "Held on"), "held_on", "day", order_by=("held_on",)),
        Column("open", gettext_lazy("Something is not done"), "has_open", "flag"),
        Column("owner", pgettext_lazy("of a meeting", "Answers for it"), "owner.name", related=("owner",)),
    )
    filters = (
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), anything=ANY, choices=Meeting.Kind.choices),
        DayFilter(key="held", label=pgettext_lazy("of a meeting", "Held on"), field="held_on"),
        FlagFilter(key="open", label=gettext_lazy("Something is not done"), holds=Q(has_open=True)),
    )

    def rows(self, user: Any) -> QuerySet[Meeting]:
        pending = MeetingPoint.objects.filter(meeting=OuterRef("pk")).exclude(state=MeetingPoint.State.KEPT)
        return visible_to(Meeting, user).annotate(has_open=Exists(pending))

    def crumbs(self) -> list[tuple[str, str]]:
        return meeting_crumbs()[:1]


@register_list
class MeetingPointList(List):
    """Of the meetings that one sees."""

    code = "crm.meeting_points"
    url_name = "crm:meeting_points"
    heading = gettext_lazy("Questions and commitments")
    icon = "clipboard-check"
    words_in = ("text", "raised_by", "outcome")
    words_label = gettext_lazy("Words")
    default_sort = "due"
    empty_title = gettext_lazy("Nothing was asked or promised that fits")
    related = ("meeting",)
    columns = (
        Column("text", gettext_lazy("What was asked or promised"), "text"),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("state", gettext_lazy("State"), lambda row: (row.get_state_display(), TONES[row.state]), "tag"),
        Column("due", gettext_lazy("Until"), "due_on", "day", order_by=("due_on",)),
        Column("owner", gettext_lazy("Followed by"), "owner.name", related=("owner",)),
        Column("raised", gettext_lazy("Raised by"), "raised_by"),
        Column("outcome", gettext_lazy("Answer, or what came of it"), "outcome"),
        Column("meeting", pgettext_lazy("of marketing", "Meeting"), "meeting.name"),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=ANY, choices=MeetingPoint.State.choices),
        ChoiceFilter(key="kind", label=gettext_lazy("Kind"), anything=ANY, choices=MeetingPoint.Kind.choices),
        FlagFilter(key="late", label=gettext_lazy("Late"), holds=Q(is_late=True)),
        DayFilter(key="due", label=gettext_lazy("Until"), field="due_on", is_further=True),
    )

    def rows(self, user: Any) -> QuerySet[MeetingPoint]:
        seen = visible_to(Meeting, user).order_by().values("pk")
        late = ExpressionWrapper(Q(state=MeetingPoint.State.OPEN, due_on__lt=today()), output_field=BooleanField())
        return MeetingPoint.objects.filter(meeting__in=seen).annotate(is_late=late)

    def crumbs(self) -> list[tuple[str, str]]:
        return meeting_crumbs()
