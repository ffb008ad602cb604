"""What is to be made anew after a restore, because no backup holds it: an index, a cache. Modules register it in `ready()`."""

from collections.abc import Callable, Iterator

_registered: dict[str, Callable[[], None]] = {}


def register_after_restore(label: str, function: Callable[[], None]) -> None:
    """`function` runs once after each restore, when tables and files are there. Refuses a second one of the same label."""
    if label in _registered:
        raise ValueError(f"two works after a restore {label!r}")
    _registered[label] = function


def works_after_restore() -> Iterator[tuple[str, Callable[[], None]]]:
    yield from _registered.items()
