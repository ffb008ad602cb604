"""Progress bars on the terminal."""

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

IN_BYTES = {"files", "parts"}


class Amount(ProgressColumn):
    """How much of how much: things by their number, contents in MB."""

    def render(self, task: Task) -> Text:
        unit, divisor = (" MB", 10**6) if task.description in IN_BYTES else ("", 1)
        total = "?" if task.total is None else f"{task.total / divisor:,.0f}"
        return Text(f"{task.completed / divisor:,.0f}/{total}{unit}")


class Bars:
    """A bar for each stage; the ones that are done stay."""

    def __init__(self) -> None:
        self._progress = Progress(TextColumn("{task.description:>16}"), BarColumn(), Amount(), TimeElapsedColumn())
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._finish()
        self._progress.stop()

    def say(self, text: str) -> None:
        """A line above the bars; whatever else writes meanwhile is overwritten by them."""
        self._progress.console.print(text, markup=False, highlight=False)

    def begin(self, stage: str, total: int | None) -> None:
        self._finish()
        self._task = self._progress.add_task(stage, total=total)

    def advance(self, amount: int = 1) -> None:
        if self._task is not None:
            self._progress.advance(self._task, amount)

    def _finish(self) -> None:
        if self._task is not None:
            task = self._progress.tasks[-1]
            self._progress.update(self._task, completed=task.total if task.total is not None else task.completed)
