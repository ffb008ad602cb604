"""The pages of papers, with one of each to see; and what is photographed of them."""

from portal.accounts.models import User
from portal.approvals.services.others import copy_paper
from portal.approvals.services.submitting import begin_paper
from tests.approvals.writing import approve, make_kind, person, resubmit, send_back, shipped, step, submit, task_of
from tests.cast import Cast

# For `make shots`: the name of the picture, and the address; a selector where the address is that of a link on the page before.
SHOTS = (
    ("papers", "/approvals/"),
    ("papers-begun", "/approvals/begun/"),
    ("paper-form", "/approvals/new/other/"),
    ("paper", "/approvals/decided/"),
)


def furnish(cast: Cast) -> tuple[User, list[str]]:
    """李敏 opens them: a paper to decide that was returned once, one of her own, a draft, one that is finished."""
    kind = make_kind(step("a", {"by": "requester_head"}), step("b", person(cast.director)))
    waiting = submit(kind, cast.inspector, amount="12400.00", partner=cast.sales.pk)
    send_back(waiting, cast.head)
    resubmit(waiting, cast.inspector, amount="11900.00", text="补充了三家报价。")
    done = submit(shipped(), cast.inspector, title="综合测试台年度校准外委")
    approve(done, cast.head)
    approve(done, cast.director)
    own = submit(kind, cast.head, title="质检科十二月加班一天")
    copy_paper(own, to=[cast.operator], actor=cast.head)
    draft = begin_paper(shipped(), actor=cast.head, values={"title": "半张"})
    task = task_of(waiting).pk
    papers = "/approvals/papers"
    return cast.head, [
        "/approvals/", "/approvals/?when=late", "/approvals/begun/", "/approvals/decided/", "/approvals/copies/", "/approvals/new/", "/approvals/new/other/",
        f"{papers}/{waiting.pk}/", f"{papers}/{waiting.pk}/changes/2/", f"{papers}/{done.pk}/", f"{papers}/{own.pk}/", f"{papers}/{own.pk}/withdrawal/",
        f"{papers}/{own.pk}/copies/", f"{papers}/{draft.pk}/draft/",
        *(f"/approvals/tasks/{task}/{act}/" for act in ("return", "transfer", "question", "signer")),
    ]  # fmt: skip
