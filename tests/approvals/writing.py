"""Kinds and papers for tests: short ways to write, submit and decide."""

from typing import Any
from uuid import uuid4

from portal.access.models import Audience
from portal.access.rules import EVERYONE, AudienceRule
from portal.accounts.models import User
from portal.approvals.models import Paper, PaperKind, Task, Vote
from portal.approvals.services.deciding import approve_task, refuse_task, return_task
from portal.approvals.services.kinds import publish_kind, ship_kinds
from portal.approvals.services.submitting import begin_paper, resubmit_paper, submit_paper

FIELDS: list[dict[str, Any]] = [
    {"key": "title", "type": "text", "role": "title", "required": True, "label": {"zh": "事由", "en": "Subject"}},
    {"key": "text", "type": "long_text", "label": {"zh": "内容", "en": "Text"}},
    {"key": "amount", "type": "money", "role": "amount", "label": {"zh": "金额", "en": "Amount"}},
    {"key": "partner", "type": "department", "label": {"zh": "会签部门", "en": "Partner"}},
    {"key": "files", "type": "files", "binding": True, "label": {"zh": "附件", "en": "Files"}},
]
SOME = {"title": "更换离心机轴承", "text": "三号离心机轴承异响。", "amount": "1200.00"}


def step(key: str, *approvers: dict[str, Any], mode: str = "any", groups: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """A step that these approve."""
    return {"key": key, "type": "approve", "label": {"zh": f"环节{key}", "en": key}, "groups": groups or [{"mode": mode, "approvers": list(approvers)}]} | more


def person(user: User) -> dict[str, Any]:
    return {"by": "person", "person": user.pk}


def make_kind(*steps: dict[str, Any], code: str = "test", fields: list[dict[str, Any]] | None = None, **values: Any) -> PaperKind:
    """A kind that everybody may begin, with this route."""
    audience = Audience.objects.for_rule(AudienceRule.of([EVERYONE]))
    kind = PaperKind.objects.create(code=code, name=f"单据{code}", number_prefix=values.pop("prefix", code), audience=audience, **values)
    return publish_kind(kind, fields=fields or FIELDS, steps=list(steps), actor=None)


def shipped(code: str = "other") -> PaperKind:
    ship_kinds([code])
    return PaperKind.objects.get(code=code)


def submit(kind: PaperKind, originator: User, *, chosen: dict[str, list[int]] | None = None, **values: Any) -> Paper:
    """A paper on its way."""
    said = SOME | values
    paper = begin_paper(kind, actor=originator, values=said, chosen=chosen)
    return submit_paper(paper, actor=originator, values=said, chosen=chosen)


def open_tasks(paper: Paper) -> list[Task]:
    return list(Task.objects.filter(paper=paper, state="open").order_by("pk"))


def task_of(paper: Paper, seat: str | User | None = None) -> Task:
    """The open task of a seat, or the only one."""
    rows = Task.objects.filter(paper=paper, state="open")
    if seat is not None:
        rows = rows.filter(seat=f"user:{seat.pk}" if isinstance(seat, User) else seat)
    return rows.get()


def now(paper: Paper) -> Paper:
    return Paper.objects.select_related("content", "kind", "form", "route", "originator", "department").get(pk=paper.pk)


def seen(paper: Paper) -> int:
    content = now(paper).content
    assert content is not None
    return content.number


def approve(paper: Paper, by: User, seat: str | User | None = None, opinion: str = "") -> Vote:
    return approve_task(task_of(paper, seat).pk, actor=by, seen=seen(paper), key=uuid4(), opinion=opinion)


def refuse(paper: Paper, by: User, seat: str | User | None = None, opinion: str = "预算没有列入") -> Vote:
    return refuse_task(task_of(paper, seat).pk, actor=by, seen=seen(paper), key=uuid4(), opinion=opinion)


def send_back(paper: Paper, by: User, seat: str | User | None = None, opinion: str = "请补报价", **how: Any) -> Vote:
    return return_task(task_of(paper, seat).pk, actor=by, seen=seen(paper), key=uuid4(), opinion=opinion, **how)


def resubmit(paper: Paper, by: User, **changes: Any) -> Paper:
    content = now(paper).content
    assert content is not None
    values = content.values | changes
    return resubmit_paper(task_of(paper).pk, actor=by, seen=content.number, key=uuid4(), values=values, chosen=content.chosen)


def seats(paper: Paper) -> list[str]:
    return sorted(Task.objects.filter(paper=paper, state="open").values_list("seat", flat=True))
