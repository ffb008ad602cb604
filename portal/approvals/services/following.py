"""Papers that a decision begins: the approved result of an assessment begins its reply."""

from django.db import transaction

from portal.access.policies import visible_to
from portal.approvals.models import Draft, Paper, PaperKind
from portal.approvals.notifications import FOLLOWS
from portal.approvals.services.submitting import begin_paper, posts_to_begin_from
from portal.notifications.services import notify

WHOLE = "paper"  # in `PaperKind.follow_up` the paper itself, other names are fields of it


@transaction.atomic
def begin_follow_up(paper_id: int) -> Paper | None:
    """The draft of the paper that follows, with whoever began the approved one, who is told. Once for each; None where none can be begun by itself."""
    paper = Paper.objects.select_related("kind", "originator", "content").get(pk=paper_id)
    wanted = paper.kind.follow_up
    kind = PaperKind.objects.select_related("form", "route").filter(code=wanted.get("code"), is_open=True).first()
    if kind is None or paper.content is None or paper.state != Paper.State.APPROVED:
        return None
    if not posts_to_begin_from(paper.originator) or not visible_to(PaperKind, paper.originator).filter(pk=kind.pk).exists():
        return None
    if _has_begun(kind, paper):
        return None
    said = paper.content.values
    values = {key: paper.pk if source == WHOLE else said[source] for key, source in wanted["values"].items() if source == WHOLE or said.get(source)}
    made = begin_paper(kind, actor=paper.originator, values=values)
    notify(FOLLOWS, words={"title": paper.title, "kind": kind.name}, about=made, recipients=[paper.originator_id], url=made.get_absolute_url())
    return made


def _has_begun(kind: PaperKind, paper: Paper) -> bool:
    key = next(key for key, source in paper.kind.follow_up["values"].items() if source == WHOLE)
    return (
        Draft.objects.filter(paper__kind=kind, **{f"values__{key}": paper.pk}).exists()
        or Paper.objects.filter(kind=kind, **{f"content__values__{key}": paper.pk}).exists()
    )
