"""The column of a drawn route as its page shows it: cards, forks and cases, numbered as they follow each other, with what is wrong at each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.approvals.definitions.faults import Fault, Read
from portal.approvals.definitions.forms import Values
from portal.approvals.definitions.labels import said
from portal.approvals.definitions.paths import OTHERWISE, Column
from portal.approvals.definitions.routes import Choice, Node
from portal.approvals.drawing.words import STEP_NAMES, DrawnWords, case_words
from portal.approvals.foreseeing import Foreseen
from portal.approvals.simulating import Lack, Simulated


@dataclass(slots=True)
class Card:
    """A step. `way` says whether the tried paper comes here: it does, it does not, nothing was tried."""

    path: str
    number: int
    label: str
    type: str
    words: str
    is_first: bool
    is_last: bool
    faults: list[Fault] = field(default_factory=list)
    lack: Lack | None = None
    foreseen: Foreseen | None = None
    way: str = ""
    is_choice: bool = False


@dataclass(slots=True)
class CaseView:
    path: str  # 2.0, 2.x
    number: int  # 0 is otherwise
    words: list[str]
    entries: list["Card | Fork"]
    end: str  # where a step is put at its end
    faults: list[Fault] = field(default_factory=list)
    way: str = ""


@dataclass(slots=True)
class Fork:
    path: str
    is_first: bool
    is_last: bool
    cases: list[CaseView] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    is_choice: bool = True


Entries = list[Card | Fork]


class DrawnColumn:
    """`foreseen` is the way of the paper that was tried with these `values`."""

    def __init__(
        self, steps: Column, words: DrawnWords, read: Read, *, simulated: Simulated | None, foreseen: Sequence[Foreseen] | None, values: Values
    ) -> None:
        self.words, self.read, self.simulated, self.values = words, read, simulated, values
        self.by_key = {one.key: one for one in foreseen} if foreseen is not None else None
        nodes = read.route.nodes if read.route is not None else None
        self.entries, self.last = self._column(steps, nodes, "", 2, is_taken=foreseen is not None)

    def _column(self, steps: Column, nodes: Sequence[Node] | None, above: str, number: int, *, is_taken: bool) -> tuple[Entries, int]:
        entries: Entries = []
        for place, raw in enumerate(steps):
            path, is_first, is_last = f"{above}{place}", place == 0, place == len(steps) - 1
            node = nodes[place] if nodes is not None else None
            if raw.get("type") == "choose":
                fork, number = self._fork(raw, node, path, number, is_taken=is_taken, is_first=is_first, is_last=is_last)
                entries.append(fork)
                continue
            card = Card(path, number, said(raw.get("label", {})), str(STEP_NAMES.get(str(raw.get("type")), "")), self.words.step(raw), is_first, is_last)
            card.faults = self.read.at(f"step:{path}")
            card.lack = self.simulated.at(path) if self.simulated is not None else None
            if self.by_key is not None:
                card.foreseen = self.by_key.get(raw.get("key", "")) if is_taken else None
                card.way = "lit" if card.foreseen is not None else "unlit"
            entries.append(card)
            number += 1
        return entries, number

    def _fork(self, raw: dict[str, Any], node: Node | None, path: str, number: int, *, is_taken: bool, is_first: bool, is_last: bool) -> tuple[Fork, int]:
        fork = Fork(path, is_first, is_last, faults=self.read.at(f"step:{path}"))
        choice = node if isinstance(node, Choice) else None
        form = self.read.form
        taken = choice.choose(form, self.values)[1]["case"] if choice is not None and form is not None and is_taken else None
        ends = []
        several = [(place + 1, str(place), one.get("steps", []), case_words(one.get("when", []), form)) for place, one in enumerate(raw.get("cases", []))]
        several.append((0, OTHERWISE, raw.get("otherwise", []), []))
        for case, name, column, words in several:
            inner = (choice.cases[case - 1].steps if case else choice.otherwise) if choice is not None else None
            entries, end = self._column(column, inner, f"{path}.{name}.", number, is_taken=is_taken and taken == case)
            way = "" if self.by_key is None else "lit" if is_taken and taken == case else "unlit"
            fork.cases.append(CaseView(f"{path}.{name}", case, words, entries, f"{path}.{name}.{len(column)}", self.read.at(f"case:{path}.{name}"), way))
            ends.append(end)
        return fork, max(ends)
