"""Who may open what of papers, and a thing for each address to be about."""

from typing import Any

from portal.approvals.services.asking import ask_person
from portal.approvals.services.kinds import ship_kinds
from portal.approvals.services.submitting import begin_paper
from tests.approvals.sheets import need_kind
from tests.approvals.writing import FIELDS, make_kind, resubmit, send_back, shipped, step, submit, task_of
from tests.cast import Cast
from tests.permissions.roles import ADMINISTRATORS, EMPLOYEES
from tests.permissions.rules import DONE, UNSEEN, Address, Outcome, act, form, page

DECIDERS = {"head", "deputy"}  # of what 王伟 has begun
READERS = DECIDERS | {"inspector", "operator"}  # 张强 was asked for an opinion
BEGAN = {"inspector"}
# 403 for those who see the paper and are not asked.
SEEN: dict[str, Outcome] = {role: 403 if role in READERS | {"customer"} else 404 for role in UNSEEN}
BEGUN: dict[str, Outcome] = SEEN
UNASKED: dict[str, Outcome] = SEEN | {"operator": 404}
ONE_LINE = [{"uid": "aaaaaaaaaa", "item": "丝束", "output": "3200.000", "per": "6.100"}]
LATER = [*FIELDS, {"key": "note", "type": "text", "later": True, "label": {"zh": "核实", "en": "Checked"}}]

LISTS = [
    page("approvals:inbox", EMPLOYEES),
    page("approvals:statistics", EMPLOYEES),
    form("approvals:paper_list", EMPLOYEES, outcome=DONE),
    form("approvals:decided_list", EMPLOYEES, outcome=DONE),
    form("approvals:copied_list", EMPLOYEES, outcome=DONE),
]

WRITING = [
    page("approvals:kind_choice", EMPLOYEES),
    form("approvals:paper_create", EMPLOYEES, "kind_code", refusal=UNSEEN),
    form("approvals:paper_draft", BEGAN, "paper_draft", refusal=UNSEEN),
    act("approvals:paper_deletion", BEGAN, "paper_draft", refusal=UNSEEN),
    act("approvals:way_preview", EMPLOYEES - {"admin"}, "kind_code", outcome=200, refusal=UNSEEN),
]

PAPERS = [
    page("approvals:paper_detail", READERS, "paper_under_way", refusal=UNSEEN),
    page("approvals:paper_way", READERS, "paper_under_way", refusal=UNSEEN),
    page("approvals:paper_print", READERS, "paper_under_way", refusal=UNSEEN),
    page("approvals:paper_lines", DECIDERS | BEGAN, "listed_paper table_key", refusal=UNSEEN),
    page("approvals:paper_change", READERS, "paper_under_way content_number", refusal=UNSEEN),
    form("approvals:paper_withdrawal", BEGAN, "paper_under_way", outcome=DONE, refusal=SEEN),
    form("approvals:paper_taking_back", set(), "paper_under_way", shown=403, outcome=403, refusal=SEEN),
    form("approvals:paper_voiding", set(), "paper_under_way", shown=403, outcome=403, refusal=SEEN),
    act("approvals:paper_void_answer", set(), "paper_under_way", refusal=SEEN),
    form("approvals:paper_copies", READERS, "paper_under_way", refusal=UNSEEN),
    act("approvals:paper_urging", BEGAN, "paper_under_way", refusal=SEEN),
]

TASKS = [
    act("approvals:task_decision", DECIDERS, "paper_task", outcome=409, refusal=SEEN),
    form("approvals:task_filling", DECIDERS, "filling_task", refusal=UNASKED),
    form("approvals:task_return", DECIDERS, "paper_task", refusal=SEEN),
    form("approvals:task_transfer", DECIDERS, "paper_task", refusal=SEEN),
    form("approvals:task_question", DECIDERS, "paper_task", refusal=SEEN),
    form("approvals:task_signer", DECIDERS, "paper_task", refusal=SEEN),
    form("approvals:task_answer", {"operator"}, "opinion_task", refusal=SEEN),
]

DRAWERS = ADMINISTRATORS  # and whoever was granted to draw
DRAWING = [
    form("approvals:kind_list", DRAWERS, outcome=DONE),
    form("approvals:kind_create", DRAWERS),
    page("approvals:kind_form", DRAWERS, "kind_code"),
    page("approvals:kind_route", DRAWERS, "kind_code"),
    form("approvals:kind_settings", DRAWERS, "kind_code"),
    page("approvals:kind_publication", DRAWERS, "kind_code"),
    act("approvals:kind_act", DRAWERS, "kind_code"),
    form("approvals:kind_field", DRAWERS, "kind_code", shown=404, outcome=404),
    form("approvals:kind_table", DRAWERS, "kind_code"),
    form("approvals:kind_step", DRAWERS, "kind_code", shown=404, outcome=404),
    form("approvals:kind_case", DRAWERS, "kind_code", shown=404, outcome=404),
]

ADDRESSES: list[Address] = [*LISTS, *WRITING, *PAPERS, *TASKS, *DRAWING]

EXCEPTIONS: dict[tuple[str, str, str], Outcome] = {}

# The most questions that its main pages ask of the database, see tests/permissions/test_query_counts.py.
QUERIES = {
    "/approvals/": 8,
    "/approvals/begun/": 8,
    "/approvals/decided/": 8,
    "/approvals/copies/": 8,
    "/approvals/statistics/": 8,
}


def make_things(cast: Cast) -> dict[str, Any]:
    """A draft of 王伟's, and a paper that was returned once, with an opinion asked of 张强."""
    ship_kinds()  # as each start does
    kind = make_kind(step("a", {"by": "requester_head"}))
    paper = submit(kind, cast.inspector)
    send_back(paper, cast.head)
    resubmit(paper, cast.inspector, text="补充了报价。")
    task = task_of(paper)
    opinion = ask_person(task.pk, whom=cast.operator, question="型号对吗", actor=cast.head)
    filling = submit(make_kind(step("fill", {"by": "requester_head"}, type="fill", writes={"note": True}), code="filled", fields=LATER), cast.inspector)
    return {
        "filling_task": task_of(filling).pk,
        "kind_code": shipped().code,
        "paper_draft": begin_paper(kind, actor=cast.inspector, values={"title": "半张"}).pk,
        "paper_under_way": paper.pk,
        "content_number": 2,
        "listed_paper": submit(need_kind(cast, prefix="测"), cast.inspector, title="物料需求", period="2026-12", lines=ONE_LINE).pk,
        "table_key": "lines",
        "paper_task": task.pk,
        "opinion_task": opinion.pk,
    }
