"""When the plant changes: tasks whose seat nobody can decide from any more move up. And what is overdue is told."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from portal.access.standings import refresh_stale
from portal.approvals.models import Step, Task
from portal.approvals.notifications import OVERDUE
from portal.approvals.placing import Placing
from portal.approvals.seats import KEEPERS, tokens_for
from portal.approvals.services.opening import case_of, due_of, move_task, placing_for, settle_step
from portal.approvals.services.telling import holders_of, let_read, plan_due, ring, step_url, tell
from portal.approvals.services.trail import lock_paper, note, open_step_of, tasks_of
from portal.audit.services import record
from portal.calendar.queries import add_working_time
from portal.outbox.services import enqueue
from portal.outbox.troubles import apart, forget_trouble, not_now

RESEAT = "approvals.reseat"
CALENDAR = "approvals.calendar"
LATE = "approvals.late"
STRANDED = "approvals.stranded"  # the queue, as operators see it
# Open tasks whose seat nobody but the requester holds today, or the requester too: whether they really must move is asked of each.
DOUBTFUL = """
    SELECT DISTINCT t.paper_id FROM approvals_task t JOIN approvals_paper p ON p.id = t.paper_id JOIN approvals_step s ON s.id = t.step_id
    WHERE t.state = 'open' AND t.seat <> %s AND (
        NOT EXISTS (
            SELECT FROM access_standing h JOIN accounts_user u ON u.id = h.user_id
            WHERE h.tokens @> ARRAY[t.seat]::varchar[] AND u.is_active AND (u.id <> p.originator_id OR s.kind = 'revise')
        ) OR (s.kind <> 'revise' AND EXISTS (SELECT FROM access_standing h WHERE h.user_id = p.originator_id AND h.tokens @> ARRAY[t.seat]::varchar[]))
    )
    ORDER BY t.paper_id
"""


def move_stranded() -> int:
    """Look at every open task that may be without anybody to decide; returns how many papers were moved. One that fails keeps no other waiting."""
    refresh_stale()
    with connection.cursor() as cursor:
        cursor.execute(DOUBTFUL, [KEEPERS])
        doubtful = [pk for (pk,) in cursor.fetchall()]
    held_back = set(not_now(STRANDED))
    moved: list[int] = []

    def move(ids: Sequence[int]) -> None:
        for pk in ids:
            if move_paper(pk):
                moved.append(pk)
        forget_trouble(STRANDED, ids)

    apart(STRANDED, [pk for pk in doubtful if pk not in held_back], move)
    return len(moved)


@transaction.atomic
def move_paper(paper_id: int) -> bool:
    """Give the open tasks of a paper that nobody can act on to those who can, with the reason on the trail."""
    paper = lock_paper(paper_id)
    step = open_step_of(paper)
    if step is None:
        return False
    tasks, placing = tasks_of(step), placing_for(paper, step)
    moved: list[tuple[Task, list[Task]]] = []
    for task in sorted((task for task in tasks if task.state == Task.State.OPEN), key=lambda task: (task.group, task.slot, task.pk)):
        if (new := move_task(paper, step, task, tasks, placing)) is not None:
            moved.append((task, new))
            tasks += new
    if not moved:
        return False
    record(None, "paper.moved_up", paper, before={"seats": " ".join(task.seat for task, _new in moved)})
    settle_step(paper, step, actor=None)
    ring(paper, {one.seat for task, new in moved for one in (task, *new)})
    return True


@transaction.atomic
def tell_due(step_id: int, due_at: str, *, is_late: bool) -> bool:
    """Tell those who have it and whoever began it that a step is overdue; a working day later the head above too.

    Nothing where it is over, or is due at another time by now: then that time looks again.
    """
    paper_id = Step.objects.filter(pk=step_id).values_list("paper_id", flat=True).first()
    if paper_id is None:
        return False
    paper = lock_paper(paper_id)
    step = Step.objects.get(pk=step_id)
    if step.state != Step.State.OPEN or step.due_at != datetime.fromisoformat(due_at):
        return False
    seats = list(Task.objects.filter(step=step, state=Task.State.OPEN).exclude(place=Task.Place.OPINION).values_list("seat", flat=True))
    people = {*holders_of(seats), paper.originator_id}
    if is_late:
        placing = Placing(case_of(paper))
        above = {above for seat in seats if (above := placing.next_above(seat))}
        let_read(paper, {token for seat in above for token in tokens_for(seat)}, "late", actor=None)
        people |= set(holders_of(above))
    else:
        enqueue(LATE, {"step": step.pk, "due_at": due_at}, due_at=add_working_time(step.due_at, days=1, keeps_time=True))
    note(paper, "overdue", step=step.pk)
    tell(OVERDUE, paper, people, url=step_url(paper, step), step=step.label_in["zh"], step_en=step.label_in["en"])
    return True


def renew_dues() -> int:
    """The calendar has changed: what is open is due by it as it is now. Returns how many steps moved."""
    moved = 0
    for pk in Step.objects.filter(state=Step.State.OPEN, due_at__isnull=False).values_list("pk", flat=True):
        with transaction.atomic():
            lock_paper(Step.objects.values_list("paper_id", flat=True).get(pk=pk))
            step = Step.objects.select_for_update(of=("self",)).get(pk=pk)
            due_at = due_of(step.due, step.opened_at)
            if step.state == Step.State.OPEN and due_at != step.due_at:
                step.due_at = due_at
                step.save(update_fields=["due_at"])
                plan_due(step)
                moved += 1
    return moved
