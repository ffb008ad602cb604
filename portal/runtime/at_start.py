"""What each start brings in step with the release, once tables are: data that the code ships. Quick where nothing has changed."""

from collections.abc import Callable

_registered: list[Callable[[], None]] = []


def register_at_start(act: Callable[[], None]) -> None:
    """`act` is called at every start and by `manage.py prepare`, after the migrations and the demo plant. Two at once must not disturb one another."""
    _registered.append(act)


def bring_in_step() -> None:
    for act in _registered:
        act()
