"""What a paper says from a moment on: computed, checked, frozen. The one way in which a content comes to be."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.policies import visible_to
from portal.approvals.computing import Trouble, compute, failing, is_wanted_of_requester, missing, place_words
from portal.approvals.definitions.fields import FieldPlan
from portal.approvals.definitions.forms import FormPlan, Values, digest
from portal.approvals.definitions.tables import TablePlan
from portal.approvals.errors import NotYoursError, PaperError
from portal.approvals.models import Content, Paper, PaperKind
from portal.approvals.moments import moment
from portal.approvals.services.lines import COUNTED, look_up, pulled_too_much, write_facts
from portal.attachments.services import hang_files

UID = re.compile(r"[0-9a-z]{6,12}")
PERIOD_LOCK = 482216
MOST_TOLD = 5

Chosen = Mapping[str, Sequence[int]]
Wanted = Callable[[str, FieldPlan], bool]


def new_uid() -> str:
    return uuid4().hex[:10]


def whole(plan: FormPlan, values: Values, kind: PaperKind) -> dict[str, Any]:
    """Every field and line as a content keeps it, with what is looked up and computed. Lines have a uid; an untitled paper of a period has its title."""
    kept: dict[str, Any] = {field.key: values.get(field.key) for field in plan}
    for table in plan.tables:
        kept[table.key] = _lines(table, values.get(table.key) or ())
    title, period = plan.of_role("title"), plan.period(values)
    if title is not None and not kept[title.key] and period:
        kept[title.key] = f"{period[:4]} 年 {int(period[5:])} 月{kind.name}"
    return compute(plan, look_up(plan, kept)).values


def troubles_of(
    plan: FormPlan,
    values: Values,
    *,
    paper_id: int | None,
    wanted: Wanted = is_wanted_of_requester,
    writes: Collection[str] = (),
    is_locked: bool = False,
) -> list[Trouble]:
    """All that keeps these values from being submitted, each with its place. What is left to a step is checked where it `writes` it."""
    found = missing(plan, values, wanted)
    for table in plan.tables:
        lines = values.get(table.key) or []
        if table.is_required and not lines and wanted is is_wanted_of_requester:
            found.append(Trouble(table.key, 0, "", _("Write at least one line.")))
        if len(lines) > table.most:
            found.append(Trouble(table.key, table.most, table.columns[0].key, _("Up to %(most)s lines.") % {"most": table.most}))
    found += compute(plan, values).troubles
    others = plan.later - set(writes)
    told = failing(plan, values, today=timezone.localdate(moment()))
    found += [one for one in told if (f"{one.table}.{one.key}" if one.table else one.key) not in others]
    return found + pulled_too_much(plan, values, paper_id=paper_id, is_locked=is_locked)


def write_content(paper: Paper, values: Values, chosen: Chosen, *, actor: Any, wanted: Wanted = is_wanted_of_requester, writes: Collection[str] = ()) -> None:
    """A new content, of which the paper's title, amount, period and lines for statistics are repeated. Refuses what is missing or does not hold."""
    plan = paper.form.plan
    stored = whole(plan, values, paper.kind)
    troubles = troubles_of(plan, stored, paper_id=paper.pk, wanted=wanted, writes=writes, is_locked=True)
    if grave := [trouble for trouble in troubles if trouble.is_grave]:
        raise PaperError(_told(plan, grave))
    last = Content.objects.filter(paper=paper).order_by("-number").values_list("number", flat=True).first() or 0
    paper.content = Content.objects.create(
        paper=paper,
        number=last + 1,
        values=stored,
        chosen=dict(chosen),
        sha256=digest({"values": stored, "chosen": dict(chosen)}),
        written_by=actor,
        written_at=moment(),
    )
    paper.title, paper.amount, paper.period = plan.title(stored), plan.amount(stored), plan.period(stored)
    _take_period(paper, actor=actor)
    _take_once(paper, stored)
    paper.save(update_fields=["content", "title", "amount", "period", "state", "submitted_at"])
    write_facts(paper)
    hang_files(actor=actor, about=paper, shown=file_ids(stored))


def with_later(plan: FormPlan, before: Values, values: Values) -> dict[str, Any]:
    """What the requester wrote, with what steps have filled in so far. Refuses by name what they wrote there themselves."""
    kept, forbidden = dict(values), []
    for field in plan:
        if field.is_later:
            if values.get(field.key) not in (None, "", [], before.get(field.key)):
                forbidden.append(field.label)
            kept[field.key] = before.get(field.key)
    for table in plan.tables:
        columns = [column for column in table.columns if column.is_later]
        if not columns:
            continue
        earlier = {line["uid"]: line for line in before.get(table.key) or ()}
        lines = []
        for line in values.get(table.key) or ():
            old = earlier.get(line.get("uid", ""), {})
            forbidden += [column.label for column in columns if line.get(column.key) not in (None, "", old.get(column.key))]
            lines.append({**line, **{column.key: old.get(column.key) for column in columns}})
        kept[table.key] = lines
    refuse(forbidden)
    return kept


def with_filled(plan: FormPlan, before: Values, filled: Values, writes: Mapping[str, bool]) -> dict[str, Any]:
    """The content with what a step has filled in; lines by their uid. Refuses by name what this step does not write."""
    kept, forbidden = dict(before), []
    for key, value in filled.items():
        table = plan.table(key)
        if table is None:
            field = plan.field(key)
            if key not in writes:
                forbidden.append(field.label if field else key)
            kept[key] = value
            continue
        by_uid = {line["uid"]: line for line in value}
        forbidden += [
            column.label if (column := table.column(name)) else name
            for name in dict.fromkeys(name for line in value for name in line)
            if name != "uid" and f"{key}.{name}" not in writes
        ]
        kept[key] = [{**line, **by_uid.get(line["uid"], {})} for line in before.get(key) or ()]
    refuse(forbidden)
    return kept


def refuse(forbidden: Sequence[str]) -> None:
    if forbidden:
        raise NotYoursError(_("You cannot change this here: %(fields)s.") % {"fields": _(", ").join(dict.fromkeys(forbidden))})


def file_ids(values: Values) -> list[UUID]:
    found = [value for value in values.values() if isinstance(value, list) and value and isinstance(value[0], Mapping) and "sha256" in value[0]]
    return [UUID(str(file["id"])) for files in found for file in files]


def _lines(table: TablePlan, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    kept, uids = [], set()
    for line in lines:
        uid = str(line.get("uid") or "")
        if not UID.fullmatch(uid) or uid in uids:
            uid = new_uid()
        uids.add(uid)
        origin = {"origin": line["origin"]} if line.get("origin") else {}
        kept.append({"uid": uid} | origin | {column.key: line.get(column.key) for column in table.columns})
    return kept


def _take_period(paper: Paper, *, actor: Any) -> None:
    """Refuses a period of which the department has submitted a paper of the kind already. Two at one moment come one after the other."""
    if not paper.period:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [PERIOD_LOCK, f"{paper.kind_id} {paper.department_id} {paper.period}"])
    same = Paper.objects.filter(kind=paper.kind_id, department=paper.department_id, period=paper.period, state__in=COUNTED).exclude(pk=paper.pk)
    other = same.first()
    if other is not None:
        words = {"kind": paper.kind.label, "period": paper.period, "number": other.number or other.title}
        if visible_to(Paper, actor).filter(pk=other.pk).exists():
            raise PaperError(_("%(kind)s of %(period)s was submitted already: %(number)s.") % words)
        raise PaperError(_("%(kind)s of %(period)s was submitted already by a colleague of your department.") % words)


def _take_once(paper: Paper, values: Values) -> None:
    """Refuses what another paper of the kind says already where only one may: a second reply to one result."""
    for field in paper.form.plan:
        value = values.get(field.key)
        if not field.is_once or value in (None, "", []):
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [PERIOD_LOCK, f"{paper.kind_id} {field.key} {value}"])
        same = Paper.objects.filter(kind=paper.kind_id, state__in=COUNTED, **{f"content__values__{field.key}": value}).exclude(pk=paper.pk)
        if same.exists():
            raise PaperError(_("%(field)s: there is a paper about it already.") % {"field": field.label})


def _told(plan: FormPlan, troubles: Sequence[Trouble]) -> str:
    """The first few, each with its place."""
    told = [f"{place_words(plan, one)}: {one.sentence}" for one in troubles[:MOST_TOLD]]
    if len(troubles) > MOST_TOLD:
        told.append(_("and %(count)s more") % {"count": len(troubles) - MOST_TOLD})
    return _("; ").join(told)
