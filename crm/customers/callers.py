"""Who calls? A number as the telephone shows it leads to those whom one may know how to reach."""

from dataclasses import dataclass
from typing import Any

from crm.customers.identifiers import read_phone
from crm.customers.models import Contact, Customer, ReachPoint
from crm.customers.policies import known_numbers
from portal.organization.querysets import today

MOST = 10


@dataclass(frozen=True, slots=True)
class Caller:
    """A customer whose number it is, and who there, where it is a person's."""

    customer: Customer
    contact: Contact | None
    point: ReachPoint


def callers(user: Any, number: str) -> list[Caller]:
    """By one indexed question. A person's number is known while they agree; whose number it is may not be tried out by others. Raises ValueError."""
    phone = read_phone(number)
    day = today()
    points = known_numbers(user).filter(normal=phone.normal)
    found, seen = [], set()
    for point in points.select_related("contact", "customer__root__portfolio").order_by("pk")[: 4 * MOST]:
        contact = point.contact
        if contact is not None and not (contact.agrees_on(day) and (contact.ended_on is None or contact.ended_on > day)):
            continue
        key = (point.customer.root_id, point.contact_id)
        if key not in seen:
            seen.add(key)
            found.append(Caller(point.customer.root, contact, point))
    return found[:MOST]
