"""What services of orders refuse."""

from typing import Any

from portal.foundation.errors import PortalError


class OrdersError(PortalError):
    """A sentence for the person who asked."""


class RefusedError(OrdersError):
    """The gate said no; `verdict` says of each part why, and what would pass."""

    def __init__(self, sentence: str, verdict: Any) -> None:
        super().__init__(sentence)
        self.verdict = verdict
