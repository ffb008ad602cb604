"""What apps above do with a delivery or a return, in its transaction: what was sold is counted there."""

from collections.abc import Callable, Sequence

from crm.orders.models import Handling, HandlingLine

Handled = Callable[[Handling, Sequence[HandlingLine]], None]
_handled: list[Handled] = []


def register_handled(then: Handled) -> None:
    """Call this with each delivery and return, and its lines."""
    if then not in _handled:
        _handled.append(then)


def tell_handled(handling: Handling, lines: Sequence[HandlingLine]) -> None:
    for then in _handled:
        then(handling, lines)
