"""Customers by name, pinyin and number, for those who see them. How they are reached is in no index."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.customers.models import Customer
from portal.search.sources import Draft, Kind, Source, register_kind, register_source, taking_part_in


def _customers() -> QuerySet[Customer]:
    return Customer.objects.unmerged().select_related("portfolio__department")


def _numbers(customer: Customer) -> tuple[str, ...]:
    return (customer.code, customer.licence_no, customer.uscc, customer.earlier_names, customer.kin_found_by, customer.address)


def _drafts(customers: QuerySet[Customer]) -> Iterator[tuple[int, Draft]]:
    for customer in customers:
        numbers = " ".join(part for part in _numbers(customer) if part)
        yield (
            customer.pk,
            Draft(
                kind="customer",
                title=customer.name,
                url=customer.get_absolute_url(),
                rule=None,
                taking_part=taking_part_in(customer),
                names=(customer.name,),
                text=[(None, numbers)],
                department_id=customer.portfolio.department_id,
                dated_at=customer.created_at,
                number=customer.code,
            ),
        )


register_kind(Kind("customer", _("customer"), _("Customers"), "store", order=70))
register_source(Source("customers", Customer, _customers, _drafts))
