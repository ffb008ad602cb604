"""The question of a campaign: the list of customers with these filters, as whoever asks sees it."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from crm.customers.lists import CustomerList
from crm.customers.models import Customer
from portal.lists.asked import Asked
from portal.lists.definition import list_of

PARTS = ("tier", "kind", "portfolio", "market", "trade", "department")


def asked_by(question: str, user: Any) -> Asked:
    definition = list_of(CustomerList.code)
    assert definition is not None
    return Asked(definition, user, QueryDict(question))


def fitting(question: str, user: Any) -> QuerySet[Customer]:
    """Those who fit today and are not closed."""
    rows: QuerySet[Customer] = asked_by(question, user).rows
    return rows.filter(ended_on__isnull=True).order_by()


def said_question(question: str, user: Any) -> list[tuple[str, str]]:
    return list(asked_by(question, user).described().items())


def question_of(values: dict[str, Any]) -> str:
    """A saved view, or what was chosen."""
    if values.get("view"):
        return str(values["view"])
    query = QueryDict(mutable=True)
    query.update({name: str(values[name]) for name in PARTS if values.get(name)})
    return query.urlencode()
