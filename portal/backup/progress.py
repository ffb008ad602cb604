"""How far a long work is, told to whoever wants to know."""

from typing import Protocol


class Progress(Protocol):
    """`begin` names a stage and how much of it there is (None: unknown); `advance` tells what was done since."""

    def begin(self, stage: str, total: int | None) -> None: ...

    def advance(self, amount: int = 1) -> None: ...


class Silent:
    def begin(self, stage: str, total: int | None) -> None:
        return None

    def advance(self, amount: int = 1) -> None:
        return None
