"""Papers with their files: found by those who take part."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.approvals.models import Paper
from portal.search.sources import Draft, Kind, Source, register_kind, register_source, taking_part_in, with_files

WORDS = ("text", "long_text", "item", "supplier")


def _papers() -> QuerySet[Paper]:
    return Paper.objects.sent().select_related("kind", "form", "content")


def _drafts(papers: QuerySet[Paper]) -> Iterator[tuple[int, Draft]]:
    return with_files((paper, _draft(paper)) for paper in papers)


def _draft(paper: Paper) -> Draft:
    values: dict[str, Any] = paper.content.values if paper.content else {}
    plan = paper.form.plan
    texts = [str(values[field.key]) for field in plan if field.type in WORDS and not field.is_reserved and field.role != "title" and values.get(field.key)]
    for table in plan.tables:
        keys = [column.key for column in table.columns if column.type in WORDS and not column.is_reserved]
        texts += [" ".join(str(line[key]) for key in keys if line.get(key)) for line in values.get(table.key) or ()]
    return Draft(
        kind="approval",
        title=paper.title,
        url=paper.get_absolute_url(),
        rule=None,
        taking_part=taking_part_in(paper),
        text=[(None, "\n".join([f"{paper.kind.name} {paper.number}".strip(), *texts]))],
        department_id=paper.department_id,
        author_id=paper.originator_id,
        dated_at=paper.submitted_at,
        number=paper.number,
    )


register_kind(Kind("approval", _("paper"), _("Papers"), "stamp", order=36))
register_source(Source("approvals", Paper, _papers, _drafts))
