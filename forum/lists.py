"""What readers reported, for those who moderate."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from forum.models import Case, Report
from forum.policies import moderates_some
from portal.access.policies import visible_to
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter


def _report_count() -> dict[str, Any]:
    counted = Report.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(number=Count("*")).values("number")
    return {"report_count": Subquery(counted)}


@register_list
class CaseList(List):
    code = "forum.cases"
    url_name = "forum:case_list"
    row_url_name = "forum:case"
    heading = gettext_lazy("Reported posts")
    subtitle = gettext_lazy("What readers reported in the boards that you moderate. Nobody judges their own post.")
    icon = "flag"
    words_in = ("post__thread__title", "post__author__name")
    words_label = gettext_lazy("Title of the thread, author")
    default_sort = "-opened_at"
    empty_title = gettext_lazy("Nothing was reported")
    columns = (
        Column("opened_at", gettext_lazy("Reported at"), kind="instant", order_by=("opened_at",)),
        Column("thread", gettext_lazy("Thread"), lambda case: f"{case.post.thread.title} #{case.post.number}", related=("post__thread",)),
        Column("board", pgettext_lazy("of the forum", "Board"), lambda case: case.post.thread.board.label, related=("post__thread__board",)),
        Column("author", gettext_lazy("Author"), lambda case: case.post.author.name, related=("post__author",)),
        Column("reports", gettext_lazy("Reports"), "report_count", kind="number", annotations=_report_count),
        Column("state", gettext_lazy("State"), lambda case: case.get_state_display()),
        Column("closed_by", gettext_lazy("Decided by"), lambda case: case.closed_by and case.closed_by.name, related=("closed_by",)),
        Column("answer", gettext_lazy("Reason"), is_shown=False),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), choices=Case.State.choices),
        DayFilter(key="opened", label=gettext_lazy("Reported at"), field="opened_at", is_instant=True, is_further=True),
    )

    def is_allowed(self, user: Any) -> bool:
        return moderates_some(user)

    def rows(self, user: Any) -> QuerySet[Case]:
        return visible_to(Case, user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Forum"), reverse("forum:front"))]
