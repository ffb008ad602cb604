"""Writing the record."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from portal.audit.models import AuditRecord
from portal.audit.origin import current_origin

BATCH = 1_000
Act = tuple[str, models.Model, Mapping[str, Any], Mapping[str, Any]]  # a verb, what it was done to, before, after


def record(
    actor: Any,
    verb: str,
    obj: models.Model | None = None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditRecord:
    """Add one act to the record, in the caller's transaction: if that fails, the act is not on record.

    `actor` is a person, or None for the portal itself. `verb` is `noun.past`, e.g. `employment.ended`.
    Refuses to run outside a transaction, for then the act and its record could part.
    """
    refuse_outside_transactions()
    row = _row(actor, verb, obj, before or {}, after or {}, reason)
    row.save(force_insert=True)
    return row


def record_all(actor: Any, acts: Iterable[Act]) -> None:
    """`record` for thousands of acts of one kind or several, in a few statements and in their order."""
    refuse_outside_transactions()
    AuditRecord.objects.bulk_create([_row(actor, *act) for act in acts], batch_size=BATCH)


def refuse_outside_transactions() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("audit.record must run inside the transaction of the act")


def _row(actor: Any, verb: str, obj: models.Model | None, before: Mapping[str, Any], after: Mapping[str, Any], reason: str = "") -> AuditRecord:
    origin = current_origin.get()
    return AuditRecord(
        at=timezone.now(),
        actor=actor,
        actor_label=f"{actor.name} ({actor.employee_number})"[:120] if actor is not None else "",
        on_behalf_of=origin.on_behalf_of,
        verb=verb,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        object_label=str(obj)[:200] if obj is not None else "",
        before=dict(before),
        after=dict(after),
        reason=reason[:500],
        address=origin.address,
        agent=origin.agent,
        request_id=origin.request_id,
    )


def snapshot(obj: models.Model, *fields: str) -> dict[str, Any]:
    """The named fields of a row as the record keeps them; people and departments as their text."""
    return {field: _plain(getattr(obj, field)) for field in fields}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value
