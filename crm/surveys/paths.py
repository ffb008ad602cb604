"""Which questions somebody is asked. Pure: questions in order, and what was given so far.

A page ends before a new section, and after a question that may jump, so that a jump is obeyed before anything behind it is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crm.surveys.models.surveys import END, Question


@dataclass(frozen=True, slots=True)
class Given:
    """What was given to one question: keys, a number or a day in `values`; of a ranking they are in its order; words in `text`."""

    values: tuple[str, ...] = ()
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.values or self.text)


Answers = Mapping[str, Given]
NOTHING = Given()


def asked_of(questions: Sequence[Question], given: Answers) -> list[Question]:
    """Those on the way of these answers, without sections. What was given to others is dropped: nobody was asked it."""
    place = {one.key: index for index, one in enumerate(questions)}
    found, index = [], 0
    while index < len(questions):
        one = questions[index]
        index += 1
        if one.is_section:
            continue
        found.append(one)
        chosen = given.get(one.key, NOTHING).values
        target = one.leads.get(chosen[0]) if chosen and one.is_closed else None
        if target is not None:
            index = max(index, place.get(target, len(questions)) if target != END else len(questions))
    return found


def pages_of(questions: Sequence[Question]) -> list[list[Question]]:
    """Pages in order; a section stands first on the page that it begins."""
    pages: list[list[Question]] = [[]]
    for before, one in pairwise([None, *questions]):
        assert one is not None
        if pages[-1] and (one.is_section or (before is not None and before.jumps)):
            pages.append([])
        pages[-1].append(one)
    return [page for page in pages if any(not one.is_section for one in page)]


def heading_of(questions: Sequence[Question], page: Sequence[Question]) -> Question | None:
    """The section in which a page lies."""
    sections = [one for one in questions[: questions.index(page[-1]) + 1] if one.is_section]
    return sections[-1] if sections else None


def wrong_jump(questions: Sequence[Question]) -> tuple[Question, str] | None:
    """A question with a jump that does not lead to a later one, and where it leads; None where all are right."""
    place = {one.key: index for index, one in enumerate(questions)}
    for index, one in enumerate(questions):
        for jump in one.jumps:
            if jump["to"] != END and place.get(jump["to"], -1) <= index:
                return one, jump["to"]
    return None
