"""The tree of departments."""

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from portal.audit.services import record, snapshot
from portal.foundation.locking import lock_row
from portal.organization.errors import OrganizationError
from portal.organization.models import Department, Employment
from portal.organization.registry import announce_changes, announce_words
from portal.organization.services.concerned import people_below

FIELDS = ("code", "name", "name_en", "kind", "parent", "order", "phone")
TREE_LOCK = 7_310_001


@transaction.atomic
def open_department(*, actor: Any, code: str, name: str, parent: Department | None, **fields: Any) -> Department:
    """Add a department under `parent`. Refuses a code that is taken, a second root, and a closed parent."""
    _check_fields(fields)
    lock_tree()
    if parent is None and Department.objects.filter(parent=None).exists():
        raise OrganizationError(_("The plant stands at the top already. Choose where the department belongs."))
    if parent is not None and parent.closed_on is not None:
        raise OrganizationError(_("“%(department)s” is closed; nothing can be put under it.") % {"department": parent.label})
    _refuse_taken_code(code, None)
    department = Department(code=code, name=name, parent=parent, path="", **fields)
    department.save()
    department.path = f"{parent.path if parent else ''}{department.pk}/"
    department.save(update_fields=["path"])
    record(actor, "department.opened", department, after=snapshot(department, *FIELDS))
    announce_words(department)
    return department


@transaction.atomic
def change_department(department: Department, *, actor: Any, **changes: Any) -> Department:
    """Change a department, or move it with everything below by another `parent`. Refuses to put it below itself."""
    _check_fields(changes)
    lock_tree()
    stored = Department.objects.select_for_update().get(pk=department.pk)
    before = snapshot(stored, *FIELDS)
    if "code" in changes:
        _refuse_taken_code(changes["code"], stored)
    moves = "parent" in changes and (changes["parent"].pk if changes["parent"] else None) != stored.parent_id
    if moves:
        changes["parent"] = _checked_parent(stored, changes["parent"])
    for field, value in changes.items():
        setattr(stored, field, value)
    after = snapshot(stored, *FIELDS)
    if after == before:
        return stored
    stored.save()
    if moves:
        _repath(stored)
    record(actor, "department.moved" if moves else "department.changed", stored, before=before, after=after)
    if moves:
        announce_changes(people_below(stored))
    announce_words(stored)
    return stored


@transaction.atomic
def close_department(department: Department, *, closed_on: date, actor: Any) -> Department:
    """From `closed_on` the department is no more, and what it was remains. Refuses while someone is employed in it or below on that day."""
    lock_tree()
    stored = Department.objects.select_for_update().get(pk=department.pk)
    if stored.parent_id is None:
        raise OrganizationError(_("The plant itself cannot be closed."))
    open_below = Department.objects.below(stored).exclude(pk=stored.pk).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=closed_on)).first()
    if open_below is not None:
        raise OrganizationError(_("“%(department)s” below it is still open. Close or move it first.") % {"department": open_below.label})
    staying = Employment.objects.filter(department=stored).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=closed_on)).values("person").distinct().count()
    if staying:
        raise OrganizationError(_("%(count)s people would still belong to “%(department)s”. Move them first.") % {"count": staying, "department": stored.label})
    before = {"closed_on": stored.closed_on}
    stored.closed_on = closed_on
    stored.save(update_fields=["closed_on"])
    record(actor, "department.closed", stored, before=before, after={"closed_on": closed_on})
    announce_words(stored)
    return stored


@transaction.atomic
def reopen_department(department: Department, *, actor: Any) -> Department:
    """Take back a closing."""
    lock_tree()
    stored = lock_row(Department.objects.select_related("parent"), department.pk)
    if stored.parent is not None and stored.parent.closed_on is not None:
        raise OrganizationError(_("“%(department)s” is closed; nothing can be put under it.") % {"department": stored.parent.label})
    before = {"closed_on": stored.closed_on}
    stored.closed_on = None
    stored.save(update_fields=["closed_on"])
    record(actor, "department.reopened", stored, before=before, after={"closed_on": None})
    announce_words(stored)
    return stored


def lock_tree() -> None:
    """One change of the tree at a time, so that two moves cannot make a cycle together. Held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def _checked_parent(department: Department, parent: Department | None) -> Department:
    if parent is None:
        raise OrganizationError(_("The plant stands at the top already. Choose where the department belongs."))
    parent = Department.objects.get(pk=parent.pk)
    if parent.path.startswith(department.path):
        words = {"department": department.label, "parent": parent.label}
        raise OrganizationError(_("“%(department)s” cannot belong to “%(parent)s”, which belongs to it.") % words)
    if parent.closed_on is not None:
        raise OrganizationError(_("“%(department)s” is closed; nothing can be put under it.") % {"department": parent.label})
    return parent


def _repath(department: Department) -> None:
    old = department.path
    new = f"{department.parent.path if department.parent else ''}{department.pk}/"
    Department.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    department.path = new


def _refuse_taken_code(code: str, department: Department | None) -> None:
    taken = Department.objects.filter(code=code).exclude(pk=department.pk if department else 0).first()
    if taken is not None:
        raise OrganizationError(_("The code %(code)s belongs to “%(department)s”.") % {"code": code, "department": taken.label})


def _check_fields(fields: dict[str, Any]) -> None:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"a department has no {', '.join(sorted(unknown))} to set")
