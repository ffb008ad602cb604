"""Boards: one for every open department, and who may publish there."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bulletin.models import BoardReference, Boards, DepartmentBoard, Notice, PublishingDelegation
from bulletin.notifications import DELEGATED
from bulletin.prefixes import clean_prefix, prefix_key
from portal.access.services import refresh_people
from portal.accounts.models import User
from portal.audit.services import record, snapshot
from portal.notifications.services import notify
from portal.organization.models import Department
from portal.pages.approval import ensure_workflow
from portal.pages.errors import PageStateError
from portal.pages.tree import ensure_root, grow


class PrefixTakenError(PageStateError):
    """A prefix of document numbers that another department holds."""


@transaction.atomic
def ensure_boards(_user_ids: Collection[int] | None = None) -> None:
    """Every open department has a board; called in the transaction of every change of the plant."""
    missing = list(Department.objects.open().filter(board__isnull=True).order_by("path"))
    if not missing:
        return
    root = Boards.objects.first() or grow(ensure_root(), Boards(title="Boards", slug="boards"))
    for department in missing:
        grow(root, DepartmentBoard(title=department.name, slug=f"department-{department.pk}", department=department))


def board_of(department: Department) -> DepartmentBoard:
    """The department's board, made where a database was filled without services."""
    board = DepartmentBoard.objects.filter(department=department).first()
    if board is None:
        ensure_boards()
        board = DepartmentBoard.objects.get(department=department)
    return board


@transaction.atomic
def keep_board(board: DepartmentBoard, *, document_prefix: str, needs_second_person: bool, actor: Any) -> None:
    """How the department publishes: the prefix of its documents, and whether a second person approves.

    Refuses a prefix that another open department holds, however it is spelled. One that a closed department held is taken over, and its numbers go on.
    """
    Boards.objects.select_for_update().first()  # one change of a prefix at a time
    before = snapshot(board, "document_prefix", "needs_second_person")
    board.document_prefix, board.needs_second_person = clean_prefix(document_prefix), needs_second_person
    board.prefix_key = prefix_key(document_prefix)
    if board.prefix_key:
        _release_prefix(board, actor)
    if needs_second_person:
        ensure_workflow(Notice)
    board.save(update_fields=["document_prefix", "prefix_key", "needs_second_person"])
    record(actor, "board.changed", board, before=before, after=snapshot(board, "document_prefix", "needs_second_person"))


def _release_prefix(board: DepartmentBoard, actor: Any) -> None:
    """Take the prefix from the board of a closed department. Refuses where its department is open."""
    others = DepartmentBoard.objects.exclude(pk=board.pk).exclude(document_prefix="").select_related("department")
    holder = next((one for one in others if prefix_key(one.document_prefix) == board.prefix_key), None)
    if holder is None:
        return
    if holder.department.closed_on is None or holder.department.closed_on > timezone.localdate():
        words = {"prefix": holder.document_prefix, "department": holder.department.label}
        raise PrefixTakenError(
            _("“%(prefix)s” is the prefix of %(department)s, and no two departments number under one. Choose another, or have it given up there first.") % words
        )
    before = snapshot(holder, "document_prefix")
    holder.document_prefix, holder.prefix_key = "", ""
    holder.save(update_fields=["document_prefix", "prefix_key"])
    record(actor, "board.changed", holder, before=before, after=snapshot(holder, "document_prefix"))


@transaction.atomic
def delegate_publishing(department: Department, person: User, *, starts_on: date, ends_on: date, actor: Any) -> PublishingDelegation:
    """Let someone publish for the department for a time of a year at most. Refuses who is no active employee, and a time that is over.

    What is asked twice, with the same days, is one delegation, and is told once.
    """
    if ends_on < max(starts_on, timezone.localdate()):
        raise PageStateError(_("The last day must not lie before the first, nor in the past."))
    if (ends_on - starts_on).days > 366:
        raise PageStateError(_("Publishing is delegated for a year at most. Choose an earlier last day."))
    if not User.objects.active().employees().filter(pk=person.pk).exists():
        raise PageStateError(_("Choose an employee who may sign in."))
    Department.objects.select_for_update().only("pk").get(pk=department.pk)
    same = {"department": department, "person": person, "starts_on": starts_on, "ends_on": ends_on, "ended_at": None}
    if (known := PublishingDelegation.objects.filter(**same).first()) is not None:
        return known
    delegation = PublishingDelegation.objects.create(department=department, person=person, starts_on=starts_on, ends_on=ends_on, given_by=actor)
    record(actor, "publishing.delegated", delegation, after={"person": person.pk, "department": department.pk, "from": str(starts_on), "to": str(ends_on)})
    refresh_people([person.pk])
    notify(
        DELEGATED,
        words={
            "department": department.name,
            "department_en": department.name_en,
            "start": date_format(starts_on, "Y-m-d"),
            "end": date_format(ends_on, "Y-m-d"),
        },
        recipients=[person.pk],
        actor=actor,
    )
    return delegation


@transaction.atomic
def end_delegation(delegation: PublishingDelegation, *, actor: Any) -> None:
    """End a delegation now. What the person published stays."""
    held = PublishingDelegation.objects.select_for_update().get(pk=delegation.pk)
    if held.ended_at is not None:
        return
    held.ended_at = timezone.now()
    held.save(update_fields=["ended_at"])
    record(actor, "publishing.delegation_ended", held, before={"to": str(held.ends_on)})
    refresh_people([held.person_id])


@transaction.atomic
def refer_notice(notice: Notice, department: Department, *, actor: Any) -> BoardReference:
    """Put a published notice on a further board; its audience stays what it is. Once is enough."""
    if not notice.is_current:
        raise PageStateError(_("Only what is published can be put on a further board."))
    if notice.department_id == department.pk:
        raise PageStateError(_("It stands on this board already."))
    reference, is_new = BoardReference.objects.get_or_create(notice=notice, department=department, defaults={"placed_by": actor})
    if is_new:
        record(actor, "notice.referred", notice, after={"department": department.pk})
    return reference


@transaction.atomic
def drop_reference(reference: BoardReference, *, actor: Any) -> None:
    record(actor, "notice.unreferred", reference.notice, before={"department": reference.department_id})
    reference.delete()
