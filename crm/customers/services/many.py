"""Thousands of customers at once, by the rules for one; and taking them out again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.errors import CustomersError
from crm.customers.identifiers import read_phone
from crm.customers.models import Customer, CustomerVersion, Intake, IntakeRow, Portfolio, ReachPoint
from crm.customers.notifications import TAKEN_OUT
from crm.customers.policies import KEEPERS_ONLY
from crm.customers.searched import touch_customers
from crm.customers.services.customers import NUMBERS, WRITTEN, change_customer, move_customer
from portal.access.registry import has_capability
from portal.audit.services import record, record_all
from portal.foundation.history import changed_by
from portal.notifications.services import notify
from portal.numbers.services import issue_number
from portal.organization.querysets import today
from portal.outbox.services import enqueue

CHUNK = 500
UNDO = "customers.undo_intake"
Values = Mapping[str, Any]


@transaction.atomic
def begin_intake(*, actor: Any) -> Intake:
    """What comes in by one file, to be taken out again as one."""
    if not has_capability(actor, KEEP_CUSTOMERS):
        raise CustomersError(str(KEEPERS_ONLY))
    return Intake.objects.create(actor=actor)


@transaction.atomic
def bring_new(intake: Intake, drafts: Sequence[Values], *, portfolios: Mapping[str, Portfolio], actor: Any) -> None:
    """As `create_customer` does for one."""
    year, rows = today().year, []
    for draft in drafts:
        values = {name: draft[name] for name in WRITTEN if draft.get(name) is not None}
        code = draft["code"] or NUMBERS.write(issue_number(NUMBERS, year=year), year=year)
        row = Customer(code=code, portfolio=portfolios[draft["portfolio"]], **values)
        row.prepare()
        rows.append(row)
    changed_by(actor, _("from a file"))
    Customer.objects.bulk_create(rows)
    points = [ReachPoint(customer=row, **_point(text)) for row, draft in zip(rows, drafts, strict=True) for text in draft["phones"] or ()]
    ReachPoint.objects.bulk_create(points)
    versions = dict(CustomerVersion.objects.open().filter(row__in=[row.pk for row in rows]).values_list("row", "version"))
    IntakeRow.objects.bulk_create([IntakeRow(intake=intake, customer=row.pk, code=row.code, name=row.name, after=versions[row.pk]) for row in rows])
    record_all(actor, [("customer.created", row, {}, {"code": row.code, "name": row.name, "portfolio": row.portfolio.name}) for row in rows])
    touch_customers([row.pk for row in rows])


@transaction.atomic
def bring_changes(intake: Intake, code: str, values: dict[str, Any], *, portfolios: Mapping[str, Portfolio], actor: Any) -> None:
    """Change one by the services for one; numbers are added."""
    row = Customer.objects.get(code=code)
    before = CustomerVersion.objects.open().get(row=row.pk).version
    phones, portfolio = values.pop("phones", None), values.pop("portfolio", None)
    if values:
        blank = {name: "" for name, value in values.items() if value is None and not name.endswith("_on")}
        change_customer(row, actor=actor, seen=before, reason=_("from a file"), **(values | blank))
    if portfolio is not None and portfolios[portfolio].pk != row.portfolio_id:
        move_customer(row, actor=actor, to=portfolios[portfolio], reason=_("from a file"))
    known = set(ReachPoint.objects.filter(customer__root=row.pk, contact__isnull=True, ended_on__isnull=True).values_list("normal", "extension"))
    added = [point for point in map(_point, phones or ()) if (point["normal"], point["extension"]) not in known]
    made = [ReachPoint.objects.create(customer=row, **point) for point in added]
    after = CustomerVersion.objects.open().get(row=row.pk).version
    points = [point.pk for point in made]
    IntakeRow.objects.create(intake=intake, customer=row.pk, code=row.code, name=row.name, before=before, after=after, points=points)


def _point(text: str) -> dict[str, str]:
    phone = read_phone(text)
    return {"shown": phone.shown, "normal": phone.normal, "extension": phone.extension}


@dataclass(frozen=True, slots=True)
class Undone:
    """How many files are as they were before, and which stay because somebody has worked with them since."""

    number: int
    kept: list[IntakeRow]


@transaction.atomic
def ask_undo(intake: Intake, *, actor: Any) -> None:
    """What came in by a file is to be taken out again: a worker does it, and whoever asked is told. Asked twice it is done once."""
    if not has_capability(actor, KEEP_CUSTOMERS):
        raise CustomersError(str(KEEPERS_ONLY))
    held = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    if held.undone_at is not None:
        raise CustomersError(_("This was taken out again already."))
    if held.asked_by_id is not None:
        raise CustomersError(_("This is being taken out already. Whoever asked for it is told when it is done."))
    held.asked_by = actor
    held.save(update_fields=["asked_by"])
    enqueue(UNDO, {"intake_id": held.pk})


def carry_out_undo(intake_id: int) -> None:
    """Take it out for whoever asked, and tell them; carried out again it does nothing."""
    intake = Intake.objects.select_related("asked_by").get(pk=intake_id)
    if intake.undone_at is not None or intake.asked_by is None:
        return
    try:
        undone = undo_intake(intake, actor=intake.asked_by)
    except CustomersError:  # has lost the right meanwhile
        Intake.objects.filter(pk=intake_id).update(asked_by=None)
        return
    words = {"number": undone.number, "kept": len(undone.kept)}
    notify(TAKEN_OUT, words=words, recipients=[intake.asked_by.pk], url=reverse("crm:customer_import_list"), needs=[f"user:{intake.asked_by.pk}"])


@transaction.atomic
def undo_intake(intake: Intake, *, actor: Any) -> Undone:
    """Take out what came in by a file: new ones go, changed ones are as they were. What was touched since stays, and is listed."""
    if not has_capability(actor, KEEP_CUSTOMERS):
        raise CustomersError(str(KEEPERS_ONLY))
    held = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    if held.undone_at is not None:
        raise CustomersError(_("This was taken out again already."))
    rows = list(held.rows.order_by("pk"))
    files = {row.pk: row for row in Customer.objects.select_for_update(of=("self",)).filter(pk__in=[one.customer for one in rows]).order_by("pk")}
    versions = dict(CustomerVersion.objects.open().filter(row__in=files).values_list("row", "version"))
    made = [one for one in rows if one.before is None]
    used = _in_use([one.customer for one in made])
    changed_by(actor, _("An import was taken out again."))
    going = [one.customer for one in made if versions.get(one.customer) == one.after and one.customer not in used]
    record_all(actor, [("customer.removed", files[pk], {"code": files[pk].code, "name": files[pk].name}, {}) for pk in going])
    for start in range(0, len(going), CHUNK):
        part = going[start : start + CHUNK]
        ReachPoint.objects.filter(customer__in=part)._raw_delete(ReachPoint.objects.db)
        Customer.objects.filter(pk__in=part)._raw_delete(Customer.objects.db)
    back = [one for one in rows if one.before is not None and versions.get(one.customer) == one.after]
    earlier = {version.version: version for version in CustomerVersion.objects.filter(version__in=[one.before for one in back])}
    for one in back:
        row, was = files[one.customer], earlier[one.before or 0]
        for name in (*WRITTEN, "portfolio_id"):
            setattr(row, name, getattr(was, name))
        row.save()
        ReachPoint.objects.filter(pk__in=one.points, ended_on__isnull=True).update(ended_on=today())
    touch_customers([*going, *(one.customer for one in back)])
    held.undone_at, held.undone_by = timezone.now(), actor
    done = {*going, *(one.customer for one in back)}
    kept = [one for one in rows if one.customer not in done]
    held.kept = [one.code for one in kept]
    held.save(update_fields=["undone_at", "undone_by", "kept"])
    record(actor, "customers.taken_out", held, after={"number": len(done), "kept": len(kept)})
    return Undone(len(done), kept)


def _in_use(ids: Sequence[int]) -> set[int]:
    """Those on which something hangs beside the numbers that came with them, in whatever app."""
    found: set[int] = set()
    for relation in Customer._meta.related_objects:
        if relation.related_model is ReachPoint:
            continue
        name = relation.field.attname  # type: ignore[union-attr]
        rows = relation.related_model._base_manager.filter(**{f"{name}__in": ids})
        if relation.related_model is Customer:
            rows = rows.exclude(pk__in=ids)
        found |= set(rows.values_list(name, flat=True))
    numbers = ReachPoint.objects.filter(customer__in=ids, contact__isnull=False) | ReachPoint.objects.filter(customer__in=ids, ended_on__isnull=False)
    return found | set(numbers.values_list("customer", flat=True))
