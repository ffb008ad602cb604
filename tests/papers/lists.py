"""Papers as a list, with everything that a list can have."""

from typing import Any

from django.db.models import Q, QuerySet

from portal.access.policies import visible_to
from portal.foundation.errors import PortalError
from portal.lists.columns import Column
from portal.lists.definition import List, RowAct, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, FlagFilter, NumberFilter
from tests.papers.models import Paper


def stamp(paper: Paper, *, actor: Any) -> None:
    """The service of an act: refuses what is stamped already."""
    if paper.title.startswith("✓"):
        raise PortalError("已盖章")
    paper.title = f"✓{paper.title}"
    paper.save()


@register_list
class PaperList(List):
    code = "tests.papers"
    url_name = "paper_list"
    heading = "文件"
    words_in = ("title",)
    words_label = "标题"
    default_sort = "-issued"
    per_page = 5
    empty_title = "还没有文件"
    columns = (
        Column("title", "标题", order_by=("title",)),
        Column("issued", "日期", "issued_at", "instant", order_by=("issued_at",)),
        Column("size", "字数", lambda paper: len(paper.title), "number"),
        Column("fee", "费用", lambda paper: len(paper.title) * 12_345, "money", is_shown=False),
        Column("secret", "密级", lambda paper: paper.audience.level, "number", order_by=("audience__level",), is_allowed=lambda user: user.name == "陈刚"),
    )
    filters = (
        ChoiceFilter(key="kind", label="类型", choices=[("report", "报告"), ("other", "其他")], conditions=lambda code: Q(title__contains=code)),
        FlagFilter(key="stamped", label="已盖章", holds=Q(title__startswith="✓")),
        DayFilter(key="issued", label="日期", field="issued_at", is_instant=True),
        NumberFilter(key="level", label="级别", field="audience__level", is_further=True),
    )
    acts = (RowAct("stamp", "盖章", "change", stamp),)
    related = ("audience",)

    def rows(self, user: Any) -> QuerySet[Paper]:
        return visible_to(Paper, user)

    def row_url(self, row: Paper) -> str:
        return f"/papers/{row.pk}/"
