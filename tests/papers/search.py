from collections.abc import Iterator

from django.db.models import QuerySet

from portal.search.sources import Draft, Kind, Source, register_kind, register_source, taking_part_in
from tests.papers.models import Paper

POISON = "读不出来"
UNTAKEN = "装不下"  # its author has a number that no index holds


def _drafts(papers: QuerySet[Paper]) -> Iterator[tuple[int, Draft]]:
    for paper in papers:
        title, _, text = paper.title.partition("：")
        if title == POISON:
            raise ValueError("this paper cannot be read")
        yield (
            paper.pk,
            Draft(
                kind="paper",
                title=title,
                url=f"/papers/{paper.pk}/",
                rule=paper.audience.rule,
                taking_part=taking_part_in(paper),
                text=[(None, text)] if text else (),
                dated_at=paper.issued_at,
                author_id=-1 if title == UNTAKEN else None,
            ),
        )


register_kind(Kind("paper", "paper", "papers", "file"))
register_source(Source("papers", Paper, lambda: Paper.objects.select_related("audience"), _drafts))
