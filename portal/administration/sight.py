"""Which rows of the record say what a thing is called, and what was written in it: those on things that the reader may see."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import F, Model, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.expressions import Exists
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils import timezone

from portal.access.policies import models_with_policies, named_to
from portal.audit.models import AuditRecord
from portal.audit.services import record
from portal.audit.verbs import open_verbs
from portal.foundation.language import is_chinese
from portal.organization.models import Department

UNCOVERED = "record.uncovered"
OPEN_FOR = timedelta(minutes=30)
NOTHING = Value("", output_field=TextField())
# Their words are the beginnings of texts: nobody looks for an act by them, and whom they are for takes many questions.
NOT_SOUGHT = ("attachments.attachment", "discussion.comment")


@dataclass(frozen=True, slots=True)
class Sight:
    """Whether a row says all, and the department of the thing where it has one."""

    is_open: bool
    department: str = ""


def look_over(rows: list[Any], user: Any) -> list[Any]:
    """Give each row its `sight`: one question for all of them, however many kinds of things they are about."""
    keys: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.object_type:
            keys[row.object_type].add(row.object_id)
    seen = _seen(keys, user)
    for row in rows:
        is_seen, department = seen.get((row.object_type, row.object_id), (False, ""))
        row.sight = Sight(is_seen or not row.object_type or row.verb in open_verbs(), department)
    return rows


def uncovered(row: AuditRecord, user: Any) -> bool:
    """Whether this reader has said why, within the last half an hour."""
    since = timezone.now() - OPEN_FOR
    said = AuditRecord.objects.filter(object_type=row._meta.label_lower, object_id=str(row.pk), verb=UNCOVERED, actor=user, at__gte=since)
    return said.exists()


@transaction.atomic
def uncover(row: AuditRecord, *, actor: Any, reason: str) -> None:
    """Let a reader see what an act was done to, for half an hour; the reason stands on record."""
    record(actor, UNCOVERED, row, reason=reason)


def open_rows(user: Any) -> Q:
    """The same as a condition, for looking in names."""
    condition = Q(object_type="") | Q(verb__in=open_verbs())
    for model in models_with_policies():
        if model._meta.label_lower not in NOT_SOUGHT:
            named = named_to(model, user, model._default_manager.all()).order_by().annotate(as_text=Cast("pk", TextField())).values("as_text")
            condition |= Q(object_type=model._meta.label_lower, object_id__in=named)
    return condition


def _seen(keys: dict[str, set[str]], user: Any) -> dict[tuple[str, str], tuple[bool, str]]:
    questions = [_question(model, list(_keys_of(model, found)), user) for model, found in _models_of(keys)]
    if not questions:
        return {}
    rows = questions[0].union(*questions[1:], all=True) if len(questions) > 1 else questions[0]
    return {(kind, key): (is_seen, department or "") for kind, key, is_seen, department in rows}


def _models_of(keys: dict[str, set[str]]) -> Iterator[tuple[type[Model], set[str]]]:
    known = set(models_with_policies())
    for kind, found in sorted(keys.items()):
        try:
            model = apps.get_model(kind)
        except (LookupError, ValueError):
            continue
        if known.intersection(model.__mro__):
            yield model, found


def _keys_of(model: type[Model], found: Iterable[str]) -> Iterator[Any]:
    for key in found:
        try:
            yield model._meta.pk.to_python(key)  # type: ignore[union-attr]  # every model of ours has one
        except ValidationError:
            continue


def _question(model: type[Model], keys: list[Any], user: Any) -> QuerySet[Any, Any]:
    rows = model._default_manager.filter(pk__in=keys).order_by()
    return rows.values_list(
        Value(model._meta.label_lower, output_field=TextField()),
        Cast("pk", TextField()),
        Exists(named_to(model, user, model._default_manager.filter(pk__in=keys)).order_by().filter(pk=OuterRef("pk"))),
        _department_of(model),
    )


def _department_of(model: type[Model]) -> Any:
    try:
        field = model._meta.get_field("department")
    except FieldDoesNotExist:
        return NOTHING
    if field.related_model is not Department:
        return NOTHING
    name, name_en = F("department__name"), NullIf(F("department__name_en"), NOTHING)
    return Cast(name if is_chinese() else Coalesce(name_en, name), TextField())
