"""Panels of a customer's page that apps above add: orders, visits, quotations. And what is open in somebody's hands, which a handover shows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.customers.models import Customer, Dealing


@dataclass(frozen=True, slots=True)
class Panel:
    """`context(customer, user)` gives what the template needs, or None where there is nothing for this reader."""

    code: str
    template: str
    context: Callable[[Customer, Any], dict[str, Any] | None]
    order: int = 100


_panels: dict[str, Panel] = {}


def register_customer_panel(panel: Panel) -> None:
    """Refuses a second one of the same code."""
    if panel.code in _panels:
        raise ValueError(f"two panels {panel.code!r}")
    _panels[panel.code] = panel


def panels_of(customer: Customer, user: Any) -> list[tuple[str, dict[str, Any]]]:
    """Templates with what they need, in order."""
    shown = []
    for panel in sorted(_panels.values(), key=lambda one: (one.order, one.code)):
        context = panel.context(customer, user)
        if context is not None:
            shown.append((panel.template, context))
    return shown


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Something that is open: at which customer (none where it is about the whole portfolio), what, until when, and where it is done."""

    customer: Customer | None
    text: str
    due_on: date | None
    url: str


Noted = Callable[[Dealing], None]

_noted: list[Noted] = []


def register_dealing_noted(noted: Noted) -> None:
    """`noted(dealing)` is called in the transaction in which a dealing is written: a call or a visit keeps what was promised of it."""
    if noted not in _noted:
        _noted.append(noted)


def tell_of_dealing(dealing: Dealing) -> None:
    for noted in _noted:
        noted(dealing)


WorkOf = Callable[[Sequence[int]], Iterable[OpenWork]]

_work: list[WorkOf] = []


def register_work_of(work: WorkOf) -> None:
    """`work(portfolio_ids)` gives what is open in these portfolios: of `customer__root__portfolio`, for what was written for a file that was merged since."""
    if work not in _work:
        _work.append(work)


def work_in(portfolio_ids: Sequence[int]) -> list[OpenWork]:
    """All that is open in these portfolios, what is due first."""
    found = [one for work in _work for one in work(portfolio_ids)]
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or date.max))


def promises_in(portfolio_ids: Sequence[int]) -> Iterable[OpenWork]:
    """What was promised and is not kept yet."""
    rows = Dealing.objects.filter(customer__root__portfolio__in=portfolio_ids, due_on__isnull=False, kept_at__isnull=True)
    for row in rows.select_related("customer__root").order_by("due_on", "pk"):
        yield OpenWork(row.customer.root, row.promise, row.due_on, row.customer.root.get_absolute_url())


_work.append(promises_in)
