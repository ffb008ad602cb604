"""Papers: 10,000 people, 200,000 papers, 3,000,000 lines, 500 open tasks for the busiest: inbox, lists, a paper of 50 lines, a form, decisions, sums.

The papers are written by SQL, as what the engine would leave behind of them (two minutes on two cores); those that are decided here are the engine's own.
"""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from benchmarks.context import Context
from benchmarks.pages import REFERENCE_BACKEND, cpu_rows
from benchmarks.rows import Row, at_most, told
from benchmarks.timing import timed
from portal.accounts.models import User
from portal.approvals.errors import PaperError
from portal.approvals.models import LineFact, Paper, PaperKind, Task
from portal.approvals.services.deciding import approve_task
from portal.approvals.services.drawing import HEAD, TITLE
from portal.approvals.services.kinds import publish_kind, ship_kinds
from portal.approvals.services.submitting import begin_paper, submit_paper
from portal.approvals.statistics import Asked, dimensions, first_month, last_month, sums_for
from portal.organization.models import Employment

PAPERS, LINES_A_PAPER, OPEN, VOTED = 200_000, 15, 500, 5_000
LINES = 50
DECISIONS, AT_ONCE = 60, 50
LIST_GOAL, PAPER_GOAL, DECISION_GOAL, MEETING_GOAL, SUMS_GOAL, STATISTICS_GOAL = 1.5, 2.0, 40, 1_000, 100, 300

DRAFTS = """
INSERT INTO approvals_paper (least_level, kind_id, form_id, route_id, number, title, amount, period, originator_id, employment_id, department_id, state,
    round, last_event, created_at)
SELECT 0, k.id, k.form_id, k.route_id, '', '十一月采购计划 ' || n, n * 100, '', e.person_id, e.id, e.department_id, 'draft', 1, 3,
    now() - n * interval '4 minutes'
FROM generate_series(1, %(papers)s) n
JOIN approvals_paperkind k ON k.code = (ARRAY['purchase-plan', 'price-review', 'material-needs', 'other'])[1 + n %% 4]
JOIN LATERAL (SELECT id, person_id, department_id FROM organization_employment WHERE id = ((%(posts)s)::bigint[])[1 + n %% %(count)s]) e ON true
"""
CONTENTS = """
INSERT INTO approvals_content (paper_id, number, "values", chosen, sha256, written_by_id, written_at)
SELECT id, 1, jsonb_build_object('title', title), '{}', md5(title), originator_id, created_at FROM approvals_paper WHERE state = 'draft'
"""
FINISHED = """
UPDATE approvals_paper p SET state = 'approved', content_id = c.id, submitted_at = p.created_at, finished_at = p.created_at + interval '2 days',
    number = '采计〔2025〕' || p.id || '号'
FROM approvals_content c WHERE c.paper_id = p.id AND p.state = 'draft'
"""
READERS = """
INSERT INTO approvals_paperreader (thing_id, token, reason, level, since)
SELECT id, 'user:' || originator_id, 'began', 0, created_at FROM approvals_paper
UNION ALL SELECT id, 'head:' || department_id, 'heads', 0, created_at FROM approvals_paper
UNION ALL SELECT id, %(seat)s, 'asked', 0, created_at FROM approvals_paper WHERE department_id <> %(department)s
ON CONFLICT DO NOTHING
"""
STEPS = """
INSERT INTO approvals_step (paper_id, round, key, kind, asks, label_in, modes, state, because, due, opened_at, due_at, closed_at)
SELECT id, 1, 'head', 'approve', 'approve', '{"zh": "科长审批", "en": "Head"}', '["any"]', %(state)s::varchar, '[]', '{}', created_at,
    created_at + interval '3 days',
    CASE WHEN %(state)s::varchar = 'open' THEN NULL ELSE created_at END
FROM approvals_paper WHERE id = ANY(%(papers)s)
"""
TASKS = """
INSERT INTO approvals_task (paper_id, step_id, "group", slot, seat, place, state, because, note, opened_at, closed_at)
SELECT paper_id, id, 0, 0, %(seat)s, 'core', CASE WHEN state = 'open' THEN 'open' ELSE 'done' END, '[]', '', opened_at, closed_at
FROM approvals_step WHERE paper_id = ANY(%(papers)s)
"""
VOTES = """
INSERT INTO approvals_vote (task_id, step_id, paper_id, content_id, person_id, decision, opinion, request_key, at)
SELECT t.id, t.step_id, t.paper_id, p.content_id, %(person)s, 'approve', '', gen_random_uuid(), t.opened_at
FROM approvals_task t JOIN approvals_paper p ON p.id = t.paper_id WHERE t.paper_id = ANY(%(papers)s)
"""
FACTS = """
INSERT INTO approvals_linefact ("table", uid, ordinal, period, item, supplier, quantity, price, amount, origin_uid, department_id, kind_id, paper_id,
    is_counted)
SELECT 'lines', 'l' || n, n, to_char(p.created_at, 'YYYY-MM'),
    '物料 ' || ((p.id * 7 + n * 31) %% 400), '供应商 ' || ((p.id + n) %% 60), n, 10 + n, n * (10 + n), '',
    p.department_id, p.kind_id, p.id, true
FROM approvals_paper p, generate_series(1, %(lines)s) n WHERE p.state = 'approved'
"""


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    head = fill_papers(context)
    cookie, plain_cookie = context.sign_in(head), context.sign_in(head, backend=REFERENCE_BACKEND)
    paper = _submit(_purchase(), _requester(head), LINES)
    lists = [("inbox", "/approvals/", cookie, True)]
    lists += [(name, f"/approvals/{path}/", cookie, True) for name, path in (("begun", "begun"), ("decided", "decided"), ("copies", "copies"))]
    pages = [("a paper of 50 lines", f"/approvals/papers/{paper.pk}/", context.sign_in(paper.originator), True)]
    own = context.sign_in(paper.originator)
    form = [("a form with lines", "/approvals/new/purchase-plan/", own, False), ("a form", "/approvals/new/other/", own, False)]
    return [
        *cpu_rows(context, lists, plain_cookie, area="approvals", goal=LIST_GOAL),
        *cpu_rows(context, pages, plain_cookie, area="approvals", goal=PAPER_GOAL),
        *cpu_rows(context, form, plain_cookie, area="approvals"),
        *_deciding(context, head),
        *_meeting(context),
        *_sums(context, paper),
        *_statistics(context, head),
    ]


def _deciding(context: Context, head: User) -> list[Row]:
    """One after the other in this process, each in a transaction of its own."""
    context.say("decisions")
    kind, requester = PaperKind.objects.select_related("form", "route").get(code="other"), _requester(head)
    values = {"title": "更换轴承", "text": "异响", "amount": "60000.00"}
    papers = [submit_paper(begin_paper(kind, actor=requester, values=values), actor=requester, values=values) for _number in range(DECISIONS)]
    times = []
    for paper in papers:
        task = Task.objects.get(paper=paper, state="open")
        actor = User.objects.select_related("stored_standing").get(pk=head.pk)
        begun = time.perf_counter()
        approve_task(task.pk, actor=actor, seen=1, key=uuid4(), opinion="同意。")
        times.append((time.perf_counter() - begun) * 1000)
    last = statistics.quantiles(times, n=20)[-1]
    return [told("approvals", "a decision, median", statistics.median(times), "ms"), at_most("approvals", "a decision, p95", last, "ms", DECISION_GOAL)]


def _meeting(context: Context) -> list[Row]:
    """Fifty people, of whom any one decides, at one moment: one decides, the others are told who did."""
    context.say("fifty people at one paper")
    posts = Employment.objects.current().primary().filter(person__is_active=True).select_related("person").order_by("pk")
    people = [post.person for post in posts[: AT_ONCE + 1]]
    approvers = [{"by": "person", "person": person.pk} for person in people[1:]]
    kind = PaperKind.objects.filter(code="meeting").first()
    if kind is None:
        kind = PaperKind.objects.create(code="meeting", name="会议", number_prefix="会", audience=PaperKind.objects.get(code="other").audience)
    kind = publish_kind(kind, fields=[TITLE], steps=[HEAD | {"groups": [{"mode": "any", "approvers": approvers}]}], actor=None)
    kind = PaperKind.objects.select_related("form", "route").get(pk=kind.pk)
    paper = submit_paper(begin_paper(kind, actor=people[0], values={"title": "会议"}), actor=people[0], values={"title": "会议"})
    tasks = {task.seat: task.pk for task in Task.objects.filter(paper=paper, state="open")}

    def decide(person: User) -> bool:
        try:
            approve_task(tasks[f"user:{person.pk}"], actor=person, seen=1, key=uuid4())
        except PaperError:
            return False
        finally:
            connections.close_all()
        return True

    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        decided = sum(pool.map(decide, [person for person in people[1:] if f"user:{person.pk}" in tasks]))
    took = (time.perf_counter() - begun) * 1000
    assert decided == 1, decided
    return [at_most("approvals", f"{len(tasks)} people decide at once: all answered", took, "ms", MEETING_GOAL)]


def _sums(context: Context, paper: Paper) -> list[Row]:
    """A keystroke in a form of fifty lines, as the page asks."""
    context.say("sums")
    client = Client()
    client.force_login(paper.originator)
    data: dict[str, Any] = {"act": "sums", "title": "计划", "month": first_month(), "lines-rows": str(LINES)}
    for number in range(LINES):
        data |= {f"lines-{number}-{key}": value for key, value in _line(number).items()}
    times = [timed(lambda: client.post("/approvals/new/purchase-plan/", data)) for _turn in range(12)]
    return [at_most("approvals", "sums of a form of 50 lines", statistics.median(times), "ms", SUMS_GOAL)]


def _statistics(context: Context, head: User) -> list[Row]:
    rows = [told("approvals", "lines of all papers", LineFact.objects.filter(is_counted=True).count(), "lines")]
    kind = PaperKind.objects.select_related("form").get(code="purchase-plan")
    assert kind.form is not None
    table = kind.form.plan.tables[0]
    for by in dimensions(table):
        context.say(f"sums by {by}")
        asked = Asked(kind, table, by, first_month(), last_month())
        times = [timed(lambda asked=asked: sums_for(head, asked)) for _turn in range(5)]
        rows.append(at_most("approvals", f"a year's lines of a kind by {by}", statistics.median(times), "ms", STATISTICS_GOAL))
    return rows


def fill_papers(context: Context) -> User:
    """Made once and kept for the next run; returns the busiest: the head who was asked about every paper."""
    ship_kinds()
    posts = Employment.objects.current().primary().filter(person__is_active=True, person__is_superuser=False)
    head_post = posts.filter(position__is_head=True, department__code="PLN").select_related("person").order_by("pk").first()
    assert head_post is not None
    if LineFact.objects.filter(is_counted=True).count() >= PAPERS * LINES_A_PAPER * 9 // 10:
        return head_post.person
    context.say(f"writing {PAPERS:,} papers and {PAPERS * LINES_A_PAPER:,} lines")
    seat, ids = f"head:{head_post.department_id}", list(posts.order_by("pk").values_list("pk", flat=True)[:4_000])
    with connection.cursor() as cursor:
        if Paper.objects.count() < PAPERS:
            with transaction.atomic():
                cursor.execute(DRAFTS, {"papers": PAPERS, "posts": ids, "count": len(ids)})
                for statement in (CONTENTS, FINISHED):
                    cursor.execute(statement)
        cursor.execute(READERS, {"seat": seat, "department": head_post.department_id})
        if Task.objects.filter(seat=seat, state="open").count() < OPEN:
            chosen = list(Paper.objects.exclude(originator=head_post.person_id).order_by("-pk").values_list("pk", flat=True)[: OPEN + VOTED])
            waiting, voted = chosen[:OPEN], chosen[OPEN:]
            with transaction.atomic():
                cursor.execute("UPDATE approvals_paper SET state = 'running', finished_at = NULL WHERE id = ANY(%s)", [waiting])
                cursor.execute(STEPS, {"state": "open", "papers": waiting})
                cursor.execute(STEPS, {"state": "passed", "papers": voted})
                cursor.execute(TASKS, {"seat": seat, "papers": chosen})
                cursor.execute(VOTES, {"person": head_post.person_id, "papers": voted})
        context.say(f"writing {PAPERS * LINES_A_PAPER:,} lines")
        cursor.execute(FACTS, {"lines": LINES_A_PAPER})
        cursor.execute("VACUUM ANALYZE")
    return head_post.person


def _purchase() -> PaperKind:
    return PaperKind.objects.select_related("form", "route").get(code="purchase-plan")


def _requester(head: User) -> User:
    """Somebody of the head's own department."""
    department = Employment.objects.current().primary().get(person=head).department_id
    posts = Employment.objects.current().primary().filter(department=department, person__is_active=True).exclude(person=head)
    return posts.select_related("person").order_by("pk")[0].person


def _submit(kind: PaperKind, actor: User, lines: int) -> Paper:
    values: dict[str, Any] = {"title": "采购计划", "month": timezone.localdate().strftime("%Y-%m"), "lines": [_line(number) for number in range(lines)]}
    return submit_paper(begin_paper(kind, actor=actor, values=values), actor=actor, values=values)


def _line(number: int) -> dict[str, str]:
    day = timezone.localdate().isoformat()
    return {"item": f"物料 {number}", "quantity": f"{number + 1}.000", "price": "12.5000", "method": "small", "supplier": f"供应商 {number % 9}", "day": day}
