"""The file of a customer: taken up, changed by several at once without loss, put into another portfolio."""

from collections.abc import Mapping
from typing import Any, cast

from django.db import transaction
from django.db.models import Field
from django.utils.translation import gettext as _

from crm.customers.duplicates import same_as
from crm.customers.errors import ChangedMeanwhileError, CustomersError
from crm.customers.identifiers import Phone
from crm.customers.models import Contact, Customer, CustomerVersion, Portfolio, ReachPoint
from crm.customers.policies import NOT_YOURS
from crm.customers.searched import touch_customers
from portal.access.policies import can, decide
from portal.accounts.models import User
from portal.audit.services import record, snapshot
from portal.foundation.history import changed_by
from portal.foundation.locking import lock_row
from portal.numbers.series import NumberSeries
from portal.numbers.services import issue_number
from portal.organization.querysets import today

NUMBERS = NumberSeries("crm.customer", "C{year}{number:05}")
WRITTEN = ("name", "kind", "stage", "trade", "market", "uscc", "licence_no", "licence_ends_on", "address", "remark", "ended_on", "earlier_names")
MOST_NAMES = 300


@transaction.atomic
def create_customer(*, actor: Any, portfolio: Portfolio, name: str, code: str = "", phones: list[Phone] | None = None, **values: Any) -> Customer:
    """Take a customer up in a portfolio that the actor writes. What has a number of its own is never taken up twice."""
    customer = Customer(portfolio=portfolio, name=name, code=code, **values)
    if not can(actor, "change", customer):
        raise CustomersError(str(NOT_YOURS))
    _refuse_same(customer, actor)
    if not code:
        year = today().year
        customer.code = NUMBERS.write(issue_number(NUMBERS, year=year), year=year)
    changed_by(actor)
    customer.save()
    for phone in phones or []:
        ReachPoint.objects.create(customer=customer, shown=phone.shown, normal=phone.normal, extension=phone.extension)
    record(actor, "customer.created", customer, after={"code": customer.code, "name": customer.name, "portfolio": portfolio.name})
    touch_customers([customer.pk])
    return customer


@transaction.atomic
def change_customer(customer: Customer, *, actor: Any, seen: int, reason: str = "", **values: Any) -> Customer:
    """Change what was changed in the form. `seen` is the version that the actor saw: where others have changed other fields since, both hold; where the
    same field, it is refused with what they wrote (`ChangedMeanwhileError`).
    """
    held = lock_customer(customer, actor=actor)
    now = CustomerVersion.objects.open().get(row=held.pk)
    before = now if now.version == seen else CustomerVersion.objects.filter(row=held.pk, version=seen).first()
    if before is None:
        raise CustomersError(_("Open the file again: what you saw cannot be told any more."))
    wanted = {name: value for name, value in values.items() if value != getattr(before, name)}
    _refuse_conflicts(held, before, now, wanted)
    if not wanted:
        return held
    if "name" in wanted and held.name not in held.earlier_names.split("、"):
        wanted.setdefault("earlier_names", "、".join(part for part in (held.earlier_names, held.name) if part)[-MOST_NAMES:])
    before_words = snapshot(held, *wanted)
    for name, value in wanted.items():
        setattr(held, name, value)
    _refuse_same(held, actor)
    changed_by(actor, reason)
    held.save()
    record(actor, "customer.changed", held, before=before_words, after=snapshot(held, *wanted), reason=reason)
    touch_customers([held.pk])
    return held


@transaction.atomic
def move_customer(customer: Customer, *, actor: Any, to: Portfolio, reason: str) -> None:
    """Into another portfolio, with all that is open."""
    held = lock_customer(customer, actor=actor, action="move")
    if held.portfolio_id == to.pk:
        raise CustomersError(_("It is in this portfolio already."))
    if to.closed_on is not None or not can(actor, "view", to):
        raise CustomersError(_("There is no such portfolio."))
    before, held.portfolio = held.portfolio.name, to
    changed_by(actor, reason)
    held.save()
    record(actor, "customer.moved", held, before={"portfolio": before}, after={"portfolio": to.name}, reason=reason)
    touch_customers([held.pk])


@transaction.atomic
def keep_contact(customer: Customer, *, actor: Any, contact: Contact | None = None, phones: list[Phone], **values: Any) -> Contact:
    """Add somebody at a customer, or change them; `phones` are all that they have now. Numbers that went are ended, not lost."""
    held = lock_customer(customer, actor=actor)
    if contact is not None and not Customer.objects.filter(pk=contact.customer_id, root=held.pk).exists():
        raise CustomersError(_("There is no such contact."))
    changed_by(actor)
    row = contact or Contact(customer=held)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    known = {(point.normal, point.extension): point for point in row.reach_points.filter(ended_on__isnull=True)}
    wanted = {(phone.normal, phone.extension): phone for phone in phones}
    for key, point in known.items():
        if key not in wanted:
            point.ended_on = today()
            point.save(update_fields=["ended_on"])
    for key, phone in wanted.items():
        if key not in known:
            ReachPoint.objects.create(customer_id=row.customer_id, contact=row, shown=phone.shown, normal=phone.normal, extension=phone.extension)
    record(actor, "contact.added" if contact is None else "contact.changed", held, after={"name": row.name})
    touch_customers([held.pk])
    return row


def lock_customer(customer: Customer, *, actor: Any, action: str = "change") -> Customer:
    """The row, held until the transaction ends, for who may do this to it."""
    held = lock_row(Customer.objects.select_related("portfolio"), customer.pk, no_key=True)
    if held.is_merged:
        raise CustomersError(_("%(name)s (%(code)s) was merged into another file already.") % {"name": held.name, "code": held.code})
    decision = decide(actor, action, held)
    if not decision:
        raise CustomersError(str(decision.rule))
    return held


def _refuse_conflicts(held: Customer, before: Any, now: Any, wanted: Mapping[str, Any]) -> None:
    taken = {name: getattr(now, name) for name in wanted if getattr(now, name) not in (getattr(before, name), wanted[name])}
    if not taken:
        return
    who = User.objects.filter(pk=now.changed_by).values_list("name", flat=True).first() or _("somebody")
    fields = {
        name: _("%(person)s has written “%(value)s” here meanwhile.") % {"person": who, "value": say_value(held, name, value)} for name, value in taken.items()
    }
    sentence = _("%(person)s has written into the same fields meanwhile. Compare them below and save again: yours will hold.") % {"person": who}
    raise ChangedMeanwhileError(sentence, fields, now.version)


def _refuse_same(customer: Customer, actor: Any) -> None:
    """A licence, a credit code or a number belongs to one customer; of one whom the actor may not see no name is told."""
    for label, other in same_as(customer):
        words = {"what": label, "name": other.name, "code": other.code}
        if can(actor, "view", other):
            raise CustomersError(_("%(what)s belongs to %(name)s (%(code)s) already. Open that file instead.") % words)
        raise CustomersError(_("%(what)s belongs to a customer of another portfolio already. Ask those who keep the file.") % words)


def field_label(name: str) -> str:
    """What a field is called."""
    return str(cast("Field[Any, Any]", Customer._meta.get_field(name)).verbose_name)


def say_value(customer: Any, name: str, value: Any) -> str:
    """A value of a field as it is read."""
    field = Customer._meta.get_field(name)
    if value in (None, ""):
        return _("(nothing)")
    if getattr(field, "choices", None):
        return str(dict(field.flatchoices).get(value, value))  # type: ignore[union-attr]
    return str(value)
