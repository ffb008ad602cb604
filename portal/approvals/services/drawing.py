"""Drawing a kind: begun, changed bit by bit, undone, discarded, published. Nobody changes or publishes what they did not see."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.access.models import Audience
from portal.access.rules import AudienceRule
from portal.approvals.definitions.faults import Read, read_drawing, types_of
from portal.approvals.errors import DrawnMeanwhileError, PaperError
from portal.approvals.models import Drawing, FormVersion, PaperKind
from portal.approvals.moments import moment
from portal.approvals.services.kinds import publish_kind
from portal.audit.services import record
from portal.foundation.dates import say_instant

MOST_UNDONE = 20
CODE = "drawn-%d"
TITLE: dict[str, Any] = {"key": "title", "type": "text", "role": "title", "required": True, "longest": 120, "label": {"zh": "标题", "en": "Title"}}
HEAD: dict[str, Any] = {
    "key": "step_1",
    "type": "approve",
    "label": {"zh": "部门负责人审批", "en": "Head of the department"},
    "groups": [{"mode": "any", "approvers": [{"by": "requester_head", "whole": True}]}],
    "due": {"days": 2},
}
Change = Callable[[Drawing], None]


def drawing_of(kind: PaperKind, *, actor: Any) -> Drawing:
    """What is drawn, or the versions of now as they would be begun to be changed; nothing is written."""
    known = Drawing.objects.filter(kind=kind).select_related("changed_by").first()
    if known is not None:
        return known
    drawing = Drawing(kind=kind, number=0, changed_by=actor)
    if kind.form is not None and kind.route is not None:
        drawing.fields, drawing.tables, drawing.steps = deepcopy(kind.form.fields), deepcopy(kind.form.tables), deepcopy(kind.route.steps)
    return drawing


def read_drawn(drawing: Drawing) -> Read:
    return read_drawing(drawing.fields, drawing.tables, drawing.steps, kept=kept_types(drawing.kind_id))


def kept_types(kind_id: int) -> dict[str, str]:
    """The types of all keys that papers of this kind have."""
    found: dict[str, str] = {}
    for fields, tables in FormVersion.objects.filter(kind=kind_id).order_by("number").values_list("fields", "tables"):
        found |= types_of(fields, tables)
    return found


@transaction.atomic
def begin_kind(
    *, name: str, number_prefix: str, actor: Any, name_en: str = "", note: str = "", rule: AudienceRule, source: PaperKind | None = None
) -> PaperKind:
    """A new kind with its drawing, begun as a copy of another or with a title and one step. Nobody can begin a paper of it until it is published."""
    _refuse_taken(number_prefix, PaperKind.objects.all())
    audience = Audience.objects.for_rule(rule)
    words = {"name": name, "name_en": name_en, "note": note, "number_prefix": number_prefix, "audience": audience}
    kind = PaperKind.objects.create(code=_free_code(), icon=source.icon if source else "file-text", **words)
    if source is not None:
        drawn = drawing_of(source, actor=actor)
        fields, tables, steps = drawn.fields, drawn.tables, drawn.steps
    else:
        fields, tables, steps = [deepcopy(TITLE)], [], [deepcopy(HEAD)]
    Drawing.objects.create(kind=kind, number=1, fields=fields, tables=tables, steps=steps, changed_by=actor, changed_at=moment())
    record(actor, "kind.begun", kind, after={"name": name, "copy of": source.name if source else ""})
    return kind


@transaction.atomic
def change_kind(
    kind: PaperKind, *, name: str, number_prefix: str, actor: Any, name_en: str = "", note: str = "", numbered_at: str, is_open: bool, rule: AudienceRule
) -> PaperKind:
    """What a kind is called, how it is numbered, and who begins it; holds at once, and for papers that are begun from now on."""
    stored = PaperKind.objects.select_for_update(of=("self",)).get(pk=kind.pk)
    _refuse_taken(number_prefix, PaperKind.objects.exclude(pk=stored.pk))
    before = {"name": stored.name, "prefix": stored.number_prefix, "open": stored.is_open, "audience": str(stored.audience)}
    stored.name, stored.name_en, stored.note, stored.number_prefix = name, name_en, note, number_prefix
    stored.numbered_at, stored.is_open, stored.audience = numbered_at, is_open, Audience.objects.for_rule(rule)
    stored.save(update_fields=["name", "name_en", "note", "number_prefix", "numbered_at", "is_open", "audience"])
    record(actor, "kind.changed", stored, before=before, after={"name": name, "prefix": number_prefix, "open": is_open, "audience": str(stored.audience)})
    return stored


@transaction.atomic
def change_drawing(kind: PaperKind, change: Change, *, seen: int, actor: Any) -> Drawing:
    """One change of what is drawn, whole or not. Refuses where somebody else has changed it since it was `seen`."""
    drawing = _locked(kind, seen=seen, actor=actor)
    before = deepcopy(drawing.as_data())
    change(drawing)
    if drawing.as_data() != before:
        drawing.before = [*drawing.before, before][-MOST_UNDONE:]
        _keep(drawing, actor=actor)
    return drawing


@transaction.atomic
def undo_change(kind: PaperKind, *, seen: int, actor: Any) -> Drawing:
    drawing = _locked(kind, seen=seen, actor=actor)
    if not drawing.before:
        raise PaperError(_("There is nothing to undo."))
    *drawing.before, last = drawing.before
    drawing.fields, drawing.tables, drawing.steps = last["fields"], last["tables"], last["steps"]
    _keep(drawing, actor=actor)
    return drawing


@transaction.atomic
def discard_drawing(kind: PaperKind, *, seen: int, actor: Any) -> None:
    """Back to what is published. A kind that was never published goes with it."""
    drawing = _locked(kind, seen=seen, actor=actor)
    record(actor, "kind.discarded", kind)
    if drawing.pk:
        drawing.delete()
    if kind.form_id is None:
        kind.delete()


@transaction.atomic
def publish_drawing(kind: PaperKind, *, seen: int, actor: Any) -> PaperKind:
    """Papers begun from now on have the new version; those under way go on by theirs. Refuses with the first fault; the page names them all."""
    drawing = _locked(kind, seen=seen, actor=actor)
    if grave := read_drawn(drawing).grave:
        raise PaperError(_("This cannot be published yet: %(fault)s") % {"fault": grave[0].sentence})
    published = publish_kind(kind, fields=drawing.fields, tables=drawing.tables, steps=drawing.steps, actor=actor)
    if drawing.pk:
        drawing.delete()
    return published


def _locked(kind: PaperKind, *, seen: int, actor: Any) -> Drawing:
    """The kind's row is the lock: of two who begin to draw at one moment the second sees the first."""
    PaperKind.objects.select_for_update(of=("self",)).get(pk=kind.pk)
    drawing = drawing_of(kind, actor=actor)
    if drawing.number != seen:
        words = {"person": drawing.changed_by.name, "when": say_instant(drawing.changed_at)}
        raise DrawnMeanwhileError(
            _("%(person)s has changed this drawing meanwhile (%(when)s), so nothing was changed. Look at it as it is now, and do it again.") % words
        )
    return drawing


def _refuse_taken(number_prefix: str, others: QuerySet[PaperKind]) -> None:
    if others.filter(number_prefix=number_prefix).exists():
        raise PaperError(_("Another kind has the prefix “%(prefix)s” already; numbers would be the same.") % {"prefix": number_prefix})


def _keep(drawing: Drawing, *, actor: Any) -> None:
    is_first = drawing.pk is None
    drawing.number, drawing.changed_by, drawing.changed_at = drawing.number + 1, actor, moment()
    drawing.save()
    if is_first:
        record(actor, "kind.drawn", drawing.kind)


def _free_code() -> str:
    taken = [int(found[1]) for code in PaperKind.objects.values_list("code", flat=True) if (found := re.fullmatch(r"drawn-(\d{1,9})", code))]
    return CODE % (max(taken, default=0) + 1)
