"""One paper: what it says, the way it goes, what may be done. And what changed between two of its contents."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.approvals.definitions.fields import FieldPlan
from portal.approvals.fields_said import Change, changed_words, changes_between, names_in, said_fields, said_tables
from portal.approvals.inbox import principals
from portal.approvals.models import Content, Paper, Step, Task, Vote
from portal.approvals.reserved import sees_reserved
from portal.approvals.services.deciding import written_in
from portal.approvals.services.others import binding_step
from portal.approvals.services.undoing import void_asked
from portal.approvals.way import Column, other_events
from portal.approvals.words import said_person
from portal.attachments.queries import shown_on
from portal.calendar.queries import read_calendar
from portal.foundation.asking import read_number
from portal.foundation.rich_text import difference
from portal.foundation.rich_text.forms import paragraphs_of
from portal.foundation.spreadsheets import xlsx_response

LAST_OPINIONS = 3
FROM_WIDE = 8  # columns, from which a sheet lies on its side
SIGNED = (Vote.Decision.APPROVE, Vote.Decision.REFUSE)


@require_safe
@employee_required
def paper_detail(request: HttpRequest, pk: int) -> HttpResponse:
    paper = get_permitted(Paper, user=request.user, rows=Paper.objects.whole(), pk=pk)
    if paper.state == Paper.State.DRAFT:
        return redirect("approvals:paper_draft", pk=paper.pk)
    return render(request, "approvals/paper_detail.html", paper_context(request, paper))


@require_safe
@employee_required
def paper_way(request: HttpRequest, pk: int) -> HttpResponse:
    """The column alone, when the paper has rung; `seen` is the last event that the page knew."""
    paper = get_permitted(Paper, user=request.user, rows=Paper.objects.whole(), pk=pk)
    if paper.state == Paper.State.DRAFT:
        raise Http404
    context = {"paper": paper, "entries": Column(paper, request.user).entries(read_calendar()), "others": other_events(paper)}
    context["is_changed"] = read_number(request.GET, "seen") != paper.last_event
    return render(request, "approvals/_way_rung.html", context)


@require_safe
@employee_required
def paper_change(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What a content says that the one before did not."""
    paper = get_permitted(Paper, user=request.user, rows=Paper.objects.whole(), pk=pk)
    contents = {content.number: content for content in Content.objects.filter(paper=paper, number__in=[number - 1, number]).select_related("written_by")}
    if number not in contents or number - 1 not in contents:
        raise Http404
    changes = changes_between(paper.form.plan, contents[number - 1].values, contents[number].values, reserved=sees_reserved(request.user, paper))
    context = {"paper": paper, "content": contents[number], "changes": [(change, _marked(change)) for change in changes]}
    return render(request, "approvals/paper_change.html", context)


@require_safe
@employee_required
def paper_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it is printed: what it says now, and who signed it. Nothing is printed of a draft."""
    paper = get_permitted(Paper, user=request.user, rows=Paper.objects.whole(), pk=pk)
    if paper.state == Paper.State.DRAFT or paper.content is None:
        raise Http404
    reserved, plan = sees_reserved(request.user, paper), paper.form.plan
    names = names_in(plan, paper.content.values)
    tables = said_tables(plan, paper.content.values, names, reserved=reserved, for_print=True)
    votes = Vote.objects.filter(paper=paper, decision__in=SIGNED).exclude(step__state__in=[Step.State.RETURNED, Step.State.SUPERSEDED])
    context = {
        "paper": paper,
        "content": paper.content,
        "fields": said_fields(plan, paper.content.values, names, reserved=reserved),
        "tables": tables,
        "signed": [(vote, said_person(vote)) for vote in votes.select_related("person", "principal", "step").order_by("pk")],
        "is_wide": any(len(table.heads) >= FROM_WIDE for table in tables),
        "printed_at": timezone.now(),
    }
    return render(request, "approvals/paper_print.html", context)


@require_safe
@employee_required
def paper_lines(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """The lines of a table as a workbook, what this person may see of them; another paper of the kind takes it in again."""
    paper = get_permitted(Paper, user=request.user, rows=Paper.objects.whole(), pk=pk)
    plan, values = paper.form.plan, paper.content.values if paper.content is not None else {}
    table = next((one for one in said_tables(plan, values, names_in(plan, values), reserved=sees_reserved(request.user, paper)) if one.key == key), None)
    if table is None or not table.rows:
        raise Http404
    rows = ([_in_file(head, words) for head, words in zip(table.heads, row, strict=True)] for row in table.rows)
    return xlsx_response(f"{paper.number or paper.title}-{table.label}", table.label, [head.label for head in table.heads], rows)


def _in_file(head: FieldPlan, words: str) -> Any:
    if head.type == "day":
        return date.fromisoformat(words) if words else None
    return Decimal(words.replace(",", "")) if head.is_number and words else words


def paper_context(request: HttpRequest, paper: Paper, *, error: str = "", typed: str = "", seen: int = 0) -> dict[str, Any]:
    """What the page shows. After a refusal the sentence, what was typed, and what changed since the content that was `seen`."""
    content, plan = paper.content, paper.form.plan
    assert content is not None
    user, names = request.user, names_in(plan, content.values)
    column = Column(paper, user)
    mine = column.mine
    compared = seen or column.last_seen or content.number
    before = Content.objects.filter(paper=paper, number=compared).first() if compared != content.number else None
    reserved = sees_reserved(user, paper)
    changes = changes_between(plan, before.values, content.values, reserved=reserved) if before is not None else []
    task = mine[0] if mine else None
    voiding = void_asked(paper) if paper.state == Paper.State.APPROVED else None
    deputed = principals(user, {task.seat}) if task is not None else {}
    return {
        "paper": paper,
        "content": content,
        "fields": said_fields(plan, content.values, names, reserved=reserved),
        "tables": said_tables(plan, content.values, names, reserved=reserved),
        "may_take": True,
        "files": list(shown_on(paper)),
        "entries": column.entries(read_calendar()),
        "others": other_events(paper),
        "task": task,
        "further": mine[1:],
        "principal": deputed[task.seat] if task is not None and task.seat in deputed else None,
        "returned": last_return(paper) if paper.state == Paper.State.RETURNED else None,
        "is_opinion": task is not None and task.place == Task.Place.OPINION,
        "is_revision": task is not None and task.step.kind == Step.Kind.REVISE,
        "fills": task is not None and task.place == Task.Place.CORE and bool(written_in(paper, task.step)),
        "may_add": task is not None and task.place == Task.Place.CORE,
        "phrases": _phrases(user) if task is not None else [],
        "key": uuid4(),
        "changes": changes,
        "changed": changed_words(changes),
        "may_withdraw": can(user, "withdraw", paper) and not binding_step(paper),
        "may_take_back": task is None and can(user, "take_back", paper),
        "voiding": voiding,
        "may_void": voiding is None and can(user, "void", paper),
        "may_answer_void": voiding is not None and can(user, "answer_void", paper),
        "may_urge": can(user, "urge", paper),
        "may_copy": can(user, "copy", paper),
        "error": error,
        "typed": typed,
    }


def last_return(paper: Paper) -> Vote | None:
    """Who returned it last, and why."""
    return Vote.objects.filter(paper=paper, decision=Vote.Decision.RETURN).select_related("person", "principal").order_by("-pk").first()


def _phrases(user: Any) -> list[str]:
    """What one usually writes: two that everybody uses, then one's own last short opinions."""
    usual = [_("Agreed."), _("Seen.")]
    own = Vote.objects.filter(person=user, decision=Vote.Decision.APPROVE).exclude(opinion="").order_by("-pk").values_list("opinion", flat=True)[:20]
    short = [opinion for opinion in own if len(opinion) <= 12 and "\n" not in opinion]
    return list(dict.fromkeys([*usual, *short]))[: len(usual) + LAST_OPINIONS]


def _marked(change: Change) -> str:
    return difference(paragraphs_of(change.before), paragraphs_of(change.after)) if change.is_long else ""
