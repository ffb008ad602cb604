"""What was said and promised."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.customers.errors import CustomersError
from crm.customers.models import Customer, Dealing
from crm.customers.panels import tell_of_dealing
from crm.customers.services.customers import lock_customer
from portal.audit.services import record

LATE = timedelta(minutes=10)


@transaction.atomic
def note_dealing(
    customer: Customer, *, actor: Any, kind: str, text: str, happened_at: datetime | None = None, promise: str = "", due_on: date | None = None
) -> Dealing:
    """Write down what was said. A promise has a day, and a day a promise."""
    held = lock_customer(customer, actor=actor)
    at = happened_at or timezone.now()
    if at > timezone.now() + LATE:
        raise CustomersError(_("What was said lies in the past. Put what is to come into “promised until”."))
    if bool(promise.strip()) != (due_on is not None):
        raise CustomersError(_("Say what is promised and until which day, both or neither."))
    return write_dealing(held, actor=actor, kind=kind, text=text, happened_at=at, promise=promise, due_on=due_on)


def write_dealing(held: Customer, *, actor: Any, kind: str, text: str, happened_at: datetime, promise: str = "", due_on: date | None = None) -> Dealing:
    """The row, on record, and told to whom it concerns. Whether it may be written, and the transaction, are the caller's."""
    made = Dealing.objects.create(customer=held, kind=kind, text=text.strip(), happened_at=happened_at, author=actor, promise=promise.strip(), due_on=due_on)
    record(actor, "dealing.noted", held, after={"kind": made.kind, "until": due_on.isoformat() if due_on else ""})
    tell_of_dealing(made)
    return made


@transaction.atomic
def keep_promise(dealing: Dealing, *, actor: Any) -> None:
    """It was done. Said twice it is said once."""
    held = lock_customer(Customer.objects.get(kin=dealing.customer_id), actor=actor)
    row = Dealing.objects.select_for_update().get(pk=dealing.pk)
    if row.due_on is None:
        raise CustomersError(_("Nothing was promised there."))
    if row.kept_at is not None:
        return
    row.kept_at, row.kept_by = timezone.now(), actor
    row.save(update_fields=["kept_at", "kept_by"])
    record(actor, "dealing.kept", held, after={"promise": row.promise})
