"""Where a view comes from."""

from typing import Any


def module_of(view: Any) -> str:
    """The module in which a view is written, be it a function, a class or one of them decorated."""
    return str(getattr(getattr(view, "view_class", view), "__module__", "") or "")
