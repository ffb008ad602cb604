"""Surveys as a list: all of them for those who keep them, for others what asks them."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from crm.surveys.models import Invitation, Survey
from crm.surveys.policies import asking
from portal.access.policies import visible_to
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter
from portal.organization.querysets import today

ANY = gettext_lazy("all")


def _mine(row: Any) -> str:
    if row.has_answered:
        return pgettext("of a survey", "you answered")
    return _("waits for you") if row.asks_me and row.is_open(today()) else ""


def _asks_now(code: str) -> Q:
    """`yes`: those that wait for the one who looks."""
    return Q(asks_me=True, has_answered=False, state=Survey.State.RUNNING, starts_on__lte=today(), closes_on__gt=today())


@register_list
class SurveyList(List):
    code = "crm.surveys"
    url_name = "crm:survey_list"
    row_url_name = "crm:survey_detail"
    heading = pgettext_lazy("a place", "Surveys")
    icon = "list-checks"
    template_name = "crm/surveys/survey_list.html"
    default_sort = "-starts"
    words_in = ("title",)
    words_label = gettext_lazy("Title")
    empty_title = gettext_lazy("No survey fits")
    empty_text = gettext_lazy("What asks you stands here.")
    related = ("head",)
    columns = (
        Column("title", gettext_lazy("Title"), "title", order_by=("title",)),
        Column("mine", pgettext_lazy("of a survey", "To me"), _mine),
        Column("whom", gettext_lazy("Who is asked"), lambda row: row.get_whom_display()),
        Column("anonymous", gettext_lazy("Anonymous"), lambda row: _("yes") if row.is_anonymous else ""),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display()),
        Column("starts", gettext_lazy("First day"), "starts_on", "day", order_by=("starts_on",)),
        Column("last", gettext_lazy("Last day"), "last_on", "day"),
        Column("head", gettext_lazy("Head"), "head.name"),
    )
    filters = (
        ChoiceFilter(
            key="waiting", label=pgettext_lazy("of a survey", "To me"), anything=ANY, choices=[("yes", gettext_lazy("waits for you"))], conditions=_asks_now
        ),
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=ANY, choices=Survey.State.choices),
        ChoiceFilter(key="whom", label=gettext_lazy("Who is asked"), anything=ANY, choices=Survey.Whom.choices),
        DayFilter(key="starts", label=gettext_lazy("First day"), field="starts_on", is_further=True),
    )

    def rows(self, user: Any) -> QuerySet[Survey]:
        answered = Exists(Invitation.objects.filter(survey=OuterRef("pk"), person=user.pk, is_spent=True))
        asked = Exists(Survey.objects.filter(asking(user), pk=OuterRef("pk"))) if user.is_employee else Value(False)
        return visible_to(Survey, user).annotate(has_answered=answered, asks_me=asked)
