"""Merging two files of one customer, and undoing it: nothing hangs on another row afterwards, only `root` says whose file it is."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, cast

from django.db import transaction
from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.customers.duplicates import same_as
from crm.customers.errors import CustomersError
from crm.customers.models import Customer, CustomerVersion, Merge
from crm.customers.models.customers import spoken_name
from crm.customers.searched import touch_customers
from crm.customers.services.customers import WRITTEN, field_label, say_value
from portal.access.policies import decide
from portal.audit.services import record
from portal.foundation.history import changed_by

CHOSEN = tuple(name for name in WRITTEN if name != "earlier_names")
KEPT = ("name", "licence_no", "uscc")  # of these the ones that were not chosen still lead to the file


@transaction.atomic
def merge_customers(
    survivor: Customer, absorbed: Customer, *, actor: Any, take: Collection[str] = (), seen: Sequence[int] | None = None, reason: str = ""
) -> Merge:
    """Put one file into another. `take` names the fields that the survivor takes from the absorbed one; `seen` are the versions of both that the actor saw."""
    if survivor.pk == absorbed.pk:
        raise CustomersError(_("This is one and the same file. Choose another one to merge it with."))
    one, other = _lock_both(survivor.pk, absorbed.pk, actor=actor)
    if seen is not None and list(seen) != _versions_of(one, other):
        raise CustomersError(_("One of the two files was changed meanwhile. Compare them again."))
    taken = {name: {"before": _kept(getattr(one, name)), "after": _kept(getattr(other, name))} for name in CHOSEN if name in take}
    merge = Merge.objects.create(survivor=one, absorbed=other, taken=taken, reason=reason.strip()[:200], merged_by=actor)
    changed_by(actor, reason)
    Customer.objects.filter(root=other.pk).update(root=one.pk)
    for name in taken:
        setattr(one, name, getattr(other, name))
    _settle(one)
    _settle_alone(other)
    record(actor, "customer.merged", one, after={"absorbed": f"{other.name} ({other.code})", "taken": sorted(taken)}, reason=reason)
    touch_customers([one.pk, other.pk])
    return merge


@transaction.atomic
def undo_merge(merge: Merge, *, actor: Any) -> None:
    """As if it had not been: also where the survivor was merged further, or others into the absorbed one. What was written since stays with the file for
    which it was written. Refused where a field that was taken over was changed since: of which of the two that speaks, nobody can tell.
    """
    top = Customer.objects.get(pk=merge.survivor_id).root_id
    files = _hold_files(top)
    merges = list(Merge.objects.select_for_update(of=("self",)).filter(survivor__in=files, undone_at__isnull=True).order_by("pk"))
    held = next((one for one in merges if one.pk == merge.pk), None)
    if held is None:
        raise CustomersError(_("This merge was undone already, or the file was merged further at this moment. Open the file again."))
    _refuse_who_may_not(actor, files[top], files[held.absorbed_id])
    for name, values in held.taken.items():
        _give_back(held, name, values["after"], values["before"], files, merges)
    held.undone_at, held.undone_by = timezone.now(), actor
    held.save(update_fields=["undone_at", "undone_by"])
    for other in merges:
        if other.pk != held.pk:
            other.save(update_fields=["taken"])
    changed_by(actor, _("A merge was undone."))
    out = _below(held.absorbed_id, merges)
    for row in files.values():
        if row.pk not in out:
            _refuse_taken(row)
            row.save()  # what it took from the other first, so that the other has its own numbers for itself
    Customer.objects.filter(pk__in=out).update(root=held.absorbed_id)
    for row in files.values():
        row.root_id = held.absorbed_id if row.pk in out else top
        _settle_alone(row) if row.is_merged else _settle(row)
    record(actor, "customer.parted", files[top], after={"absorbed": f"{files[held.absorbed_id].name} ({files[held.absorbed_id].code})"})
    touch_customers(list(files))


def _give_back(merge: Merge, name: str, after: Any, before: Any, files: dict[int, Customer], merges: list[Merge]) -> None:
    """A field of the survivor as it would be without this merge, there and wherever it went on from there."""
    row = files[merge.survivor_id]
    later = next((one for one in merges if one.pk > merge.pk and one.survivor_id == row.pk and name in one.taken), None)
    if later is not None:
        if later.taken[name]["before"] != after:
            raise CustomersError(_changed_since(row, name, later.taken[name]["before"], after))
        later.taken[name]["before"] = before
        return
    if _kept(getattr(row, name)) != after:
        raise CustomersError(_changed_since(row, name, _kept(getattr(row, name)), after))
    setattr(row, name, _read(name, before))
    above = next((one for one in merges if one.absorbed_id == row.pk), None)
    if above is not None and name in above.taken:
        if above.taken[name]["after"] != after:
            raise CustomersError(_changed_since(files[above.survivor_id], name, above.taken[name]["after"], after))
        above.taken[name]["after"] = before
        _give_back(above, name, after, before, files, merges)


def _changed_since(row: Customer, name: str, now: Any, after: Any) -> str:
    words = {
        "field": field_label(name),
        "name": row.name,
        "now": say_value(row, name, now),
        "after": say_value(row, name, after),
    }
    return (
        _(
            "%(field)s of %(name)s came by the merge and was changed since to “%(now)s”; of which of the two that speaks cannot be told. "
            "Set it back to “%(after)s”, undo the merge, then write it where it belongs."
        )
        % words
    )


def _below(pk: int, merges: list[Merge]) -> set[int]:
    """A file and all that live merges put into it."""
    found = {pk}
    for merge in reversed(merges):  # what goes into a file before it is merged itself has an earlier number
        if merge.survivor_id in found:
            found.add(merge.absorbed_id)
    return found


def _settle(row: Customer) -> None:
    """Save a file with whatever leads to it: names and numbers of those that were merged into it, and its own that gave way."""
    kin = list(Customer.objects.filter(root=row.pk).exclude(pk=row.pk).order_by("pk"))
    words: dict[str, None] = {}
    for one in kin:
        words |= dict.fromkeys([one.name, spoken_name(one.name), one.code, one.licence_no, one.uscc, one.earlier_names])
    for taken in Merge.objects.filter(survivor__root=row.pk, undone_at__isnull=True).order_by("pk").values_list("taken", flat=True):
        words |= dict.fromkeys(taken[name]["before"] for name in KEPT if name in taken)
        if "name" in taken:
            words[spoken_name(taken["name"]["before"])] = None
    row.kin_found_by = " ".join(word for word in words if word)
    row.root_id = row.pk
    row.save()


def _refuse_taken(row: Customer) -> None:
    """A number that the file had before the merge may belong to somebody else since."""
    for label, other in same_as(row):
        words = {"what": label, "name": other.name, "code": other.code}
        raise CustomersError(_("%(what)s belongs to %(name)s (%(code)s) meanwhile, so two files would have it. Change it there first.") % words)


def _settle_alone(row: Customer) -> None:
    """One that was merged into another leads nobody anywhere by itself."""
    row.refresh_from_db(fields=["root"])
    row.kin_found_by = ""
    row.save()


def _lock_both(first: int, second: int, *, actor: Any) -> tuple[Customer, Customer]:
    held = _hold_files(first, second)
    for pk in (first, second):
        row = held.get(pk) or Customer.objects.get(pk=pk)
        if pk not in held or row.is_merged:
            raise CustomersError(_("%(name)s (%(code)s) was merged into another file already.") % {"name": row.name, "code": row.code})
    _refuse_who_may_not(actor, held[first], held[second])
    return held[first], held[second]


def _hold_files(*roots: int) -> dict[int, Customer]:
    """All files of these customers, held in one order, so that two merges never wait for each other; none of a root that is one no more."""
    ours = Customer.objects.filter(root__in=roots)
    held = set(ours.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    files = {row.pk: row for row in ours.select_related("portfolio")}
    if files.keys() - held:  # came to them while we waited
        raise CustomersError(_("One of the two files was changed meanwhile. Compare them again."))
    return files


def _refuse_who_may_not(actor: Any, *rows: Customer) -> None:
    for row in rows:
        decision = decide(actor, "merge", row)
        if not decision:
            raise CustomersError(str(decision.rule))


def _versions_of(*rows: Customer) -> list[int]:
    versions = dict(CustomerVersion.objects.open().filter(row__in=[row.pk for row in rows]).values_list("row", "version"))
    return [versions[row.pk] for row in rows]


def _kept(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def _read(name: str, value: Any) -> Any:
    return cast("Field[Any, Any]", Customer._meta.get_field(name)).to_python(value)
