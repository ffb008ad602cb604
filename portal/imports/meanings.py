"""What the names of a file mean where the plant does not know them: asked on the screen, answered once for the whole file.

Knows nothing of rosters: `kind` says what a name names, keys are ids of what exists. A name that is near to an existing one, and one that could be
several, is a question; an answer is an id, or NEW for a name that is new indeed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

NEW = "new"
Answer = int | str


@dataclass(slots=True)
class Question:
    """`candidates` are ids with their labels, the likeliest first. An `is_ambiguous` name is refused until it is answered, any other would be new."""

    kind: str
    text: str
    candidates: list[tuple[int, str]] = field(default_factory=list)
    is_ambiguous: bool = False
    answer: Answer | None = None
    answer_label: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nothing may be made of the name before somebody has answered."""
        return self.answer is None and not self.is_ambiguous and bool(self.candidates)


class Meanings:
    """The answers that were given, by kind and name, and the questions that came up."""

    def __init__(self, answers: Mapping[str, Mapping[str, Answer]] | None = None) -> None:
        self._answers = answers or {}
        self._asked: dict[tuple[str, str], Question] = {}

    def known(self, kind: str, text: str, labels: Mapping[int, str]) -> int | None:
        """The id that was chosen for a name; None where none was, or where what was chosen is gone (`labels` are those that may be chosen)."""
        answer = self._answers.get(kind, {}).get(text)
        if answer is None:
            return None
        if isinstance(answer, int) and answer in labels:
            self._asked[kind, text] = Question(kind, text, [(answer, labels[answer])], answer=answer, answer_label=labels[answer])
            return answer
        return None

    def ask(self, kind: str, text: str, candidates: Iterable[tuple[int, str]], *, is_ambiguous: bool = False) -> None:
        """Note that a name is not known. It is asked about where there is something near to it."""
        answer = self._answers.get(kind, {}).get(text)
        self._asked.setdefault((kind, text), Question(kind, text, list(candidates), is_ambiguous, NEW if answer == NEW else None))

    def questions(self, *, used: Mapping[str, set[str]]) -> list[Question]:
        """In a fixed order. Of names that would be new only those that are `used`, by kind."""
        asked = [question for question in self._asked.values() if question.is_ambiguous or isinstance(question.answer, int) or self._is_used(question, used)]
        return sorted(asked, key=lambda question: (question.kind, not question.is_open, question.text))

    def _is_used(self, question: Question, used: Mapping[str, set[str]]) -> bool:
        return question.text in used.get(question.kind, set())


def question_from_json(entry: dict[str, Any]) -> Question:
    return Question(**entry | {"candidates": [(key, label) for key, label in entry["candidates"]]})
