"""Who may be the same customer: what has the same number of its own, what sounds alike, what is called by the same telephone. Offered, never merged."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Q, TextField, Value
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.customers.identifiers import are_near, name_core
from crm.customers.models import Customer, Pair
from crm.customers.policies import known_numbers
from portal.access.policies import visible_to
from portal.foundation.names import name_sort_key

MOST = 5
SHORTEST, SHORTEST_NEAR = 2, 3
MOST_NEAR = 200
SEEN_BY_NIGHT = timedelta(days=1)
OWN = (("code", _("The customer number")), ("licence_no", _("The licence")), ("uscc", _("The unified social credit code")))


@dataclass(frozen=True, slots=True)
class Alike:
    """A customer, and by what they are alike."""

    customer: Customer
    why: tuple[str | Promise, ...]


def same_as(customer: Customer) -> Iterator[tuple[str | Promise, Customer]]:
    """Others with the same number of their own, also where it lives on in a file that was merged into another."""
    condition = Q()
    for name, _label in OWN:
        if value := getattr(customer, name):
            condition |= Q(**{name: value})
    if not condition:
        return
    for other in Customer.objects.filter(condition).exclude(root=customer.root_id or 0).select_related("root__portfolio"):
        for name, label in OWN:
            if getattr(customer, name) and getattr(other, name) == getattr(customer, name):
                yield label, other.root


def alike(user: Any, *, name: str = "", licence_no: str = "", uscc: str = "", phones: list[str] | None = None, apart_from: int = 0) -> list[Alike]:
    """Those among what this person sees that may be the same; by indexed questions alone, so that it can be asked while somebody types."""
    core, pinyin = name_core(name), name_sort_key(name)
    condition = Q()
    if len(core) >= SHORTEST:
        condition |= Q(name_core=core) | Q(name_pinyin=pinyin)
    if licence_no:
        condition |= Q(licence_no=licence_no)
    if uscc:
        condition |= Q(uscc=uscc)
    by_phone = set(_called_by(user, phones)) if phones else set()
    if by_phone:
        condition |= Q(pk__in=by_phone)
    seen = visible_to(Customer, user).exclude(pk=apart_from).select_related("portfolio")
    rows = list(seen.filter(condition)[:MOST]) if condition else []
    near = _nearly_called(user, core, apart_from) - {row.pk for row in rows} if len(rows) < MOST else set()
    if near:
        rows += seen.filter(pk__in=near)[: MOST - len(rows)]
    found = []
    for row in rows:
        why: list[str | Promise] = []
        if core and row.name_core == core:
            why.append(_("same name"))
        elif pinyin and row.name_pinyin == pinyin:
            why.append(_("sounds the same"))
        elif row.pk in near:
            why.append(_("nearly the same name"))
        if licence_no and row.licence_no == licence_no:
            why.append(_("same licence"))
        if uscc and row.uscc == uscc:
            why.append(_("same credit code"))
        if row.pk in by_phone:
            why.append(_("same telephone"))
        found.append(Alike(row, tuple(why)))
    return found


def alike_beside(user: Any, customer: Customer) -> list[Alike]:
    """What a file's page says of others: what the nights found and nobody told apart. Of a file that no night has seen yet it is asked now."""
    if customer.created_at > timezone.now() - SEEN_BY_NIGHT:
        return alike(user, name=customer.name, licence_no=customer.licence_no, uscc=customer.uscc, apart_from=customer.pk)
    pairs = Pair.objects.filter(Q(one=customer) | Q(other=customer), apart_at__isnull=True)[:MOST]
    why = {pair.other_id if pair.one_id == customer.pk else pair.one_id: pair.get_why_display() for pair in pairs}
    rows = visible_to(Customer, user).filter(pk__in=why, root=F("pk")).select_related("portfolio") if why else ()
    return [Alike(row, (why[row.pk],)) for row in rows]


def _nearly_called(user: Any, core: str, apart_from: int) -> set[int]:
    """Whose names share a key of the index with this one, and are near it indeed."""
    if len(core) < SHORTEST_NEAR:
        return set()
    rows = visible_to(Customer, user).exclude(pk=apart_from).alias(keys=_keys(F("name_core"))).filter(keys__overlap=_keys(Value(core)))
    return {pk for pk, other in rows.order_by().values_list("pk", "name_core")[:MOST_NEAR] if are_near(core, other)}


def _keys(name: F | Value) -> Func:
    """As the index has them (`migrations/0006_near_names.py`)."""
    return Func(name, function="customers_name_keys", output_field=ArrayField(TextField()))


def _called_by(user: Any, phones: list[str]) -> list[int]:
    """Whose number it is, among those whom this person may know how to reach."""
    points = known_numbers(user).filter(normal__in=phones)
    return list(points.values_list("customer__root", flat=True)[: 4 * MOST])
