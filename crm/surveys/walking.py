"""Somebody on their way through a survey, page after page. What was typed travels with the pages; where the answer will have their name, it is kept besides."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.surveys.answer_forms import PageForm, checked, forget_mistakes
from crm.surveys.models import Question, SurveyVersion
from crm.surveys.models.answers import LONGEST_KEPT
from crm.surveys.models.surveys import END
from crm.surveys.paths import Given, asked_of, heading_of, pages_of
from portal.foundation.asking import read_number


class Walk:
    """`page` is the number of the page that is shown, `form` its questions, `kept` all that was given before. `is_done` once all of it is there and right."""

    def __init__(self, version: SurveyVersion, *, is_whole: bool = False) -> None:
        self.version = version
        self.questions: list[Question] = list(version.questions.all())
        self.pages = [[one for one in self.questions if not one.is_section]] if is_whole else pages_of(self.questions)
        self.given: dict[str, Given] = {}
        self.is_done = False
        self.stopped_at: datetime | None = None
        self.page = 0
        self.form = self._form()

    @classmethod
    def begun(cls, version: SurveyVersion, **options: Any) -> "Walk":
        return cls(version, **options)

    @classmethod
    def resumed(cls, version: SurveyVersion, kept: str, page: int) -> "Walk":
        """From where they stopped."""
        walk = cls(version)
        walk.given = read_kept(walk.questions, kept)
        walk._show(min(page, max(0, len(walk.pages) - 1)))
        return walk

    @classmethod
    def gone_on(cls, version: SurveyVersion, sent: Any, **options: Any) -> "Walk":
        """With what was just sent: back, on to the next page, or done."""
        walk = cls(version, **options)
        walk.given = read_kept(walk.questions, sent.get("kept", ""))
        walk.page = min(max(0, read_number(sent, "page", 0)), len(walk.pages) - 1)
        walk.form = walk._form(sent)
        if options.get("is_whole"):
            walk._take_whole()
        elif sent.get("act") == "back":
            walk.given |= walk.form.typed()
            walk._show(walk._before())
        elif walk.form.is_valid():
            walk.given |= walk.form.given
            walk._go_on()
        return walk

    def _go_on(self) -> None:
        following = self._after()
        if following is not None:
            self._show(following)
            return
        asked = {one.key for one in asked_of(self.questions, self.given)}
        self.given = {key: value for key, value in self.given.items() if key in asked}
        for number, page in enumerate(self.pages):
            form = checked([one for one in page if one.key in asked], self.given)
            if not form.is_valid():
                self.page, self.form = number, form
                return
        self.is_done = True

    def _take_whole(self) -> None:
        given = self.form.typed()
        asked = asked_of(self.questions, given)
        self.form.is_valid()
        forget_mistakes(self.form, asked)
        if not self.form.errors:
            self.given = {one.key: given[one.key] for one in asked}
            self.is_done = True

    def _show(self, page: int) -> None:
        self.page = page
        self.form = self._form()

    def _form(self, sent: Any = None) -> PageForm:
        return PageForm(self._shown(self.page), sent, given=self.given, leads=lead_words(self.questions))

    def _shown(self, page: int) -> list[Question]:
        """Of a page those that are asked; of a whole sheet all."""
        if len(self.pages) == 1 or not self.pages:
            return self.pages[0] if self.pages else []
        asked = {one.key for one in asked_of(self.questions, self.given)}
        return [one for one in self.pages[page] if one.key in asked]

    def _after(self) -> int | None:
        return next((page for page in range(self.page + 1, len(self.pages)) if self._shown(page)), None)

    def _before(self) -> int:
        return next((page for page in range(self.page - 1, -1, -1) if self._shown(page)), 0)

    @property
    def kept(self) -> str:
        return json.dumps({key: [list(one.values), one.text] for key, one in self.given.items() if one}, ensure_ascii=False)

    @property
    def heading(self) -> Question | None:
        return heading_of(self.questions, self.pages[self.page]) if self.pages and len(self.pages) > 1 else None

    @property
    def is_last(self) -> bool:
        """No page comes after this one, whatever is chosen on it."""
        return self.page + 1 >= len(self.pages)

    @property
    def context(self) -> dict[str, Any]:
        return {
            "walk": self,
            "form": self.form,
            "kept": self.kept,
            "page": self.page,
            "at": self.page + 1,
            "of": max(1, len(self.pages)),
            "version": self.version,
            "introduction": self.version.introduction if self.page == 0 else "",
        }


def read_kept(questions: Sequence[Question], text: str) -> dict[str, Given]:
    """What travelled with the page; nothing of what is no such thing. It is checked as a whole before it counts."""
    try:
        found = json.loads(text[:LONGEST_KEPT] or "{}")
    except ValueError:
        return {}
    known = {one.key for one in questions}
    return {key: given for key, one in found.items() if key in known and (given := _given(one))} if isinstance(found, dict) else {}


def _given(one: Any) -> Given | None:
    if not (isinstance(one, list) and len(one) == 2 and isinstance(one[0], list) and isinstance(one[1], str)):
        return None
    return Given(tuple(str(value)[:40] for value in one[0][:40]), one[1])


def lead_words(questions: Sequence[Question]) -> dict[str, str]:
    """Jumps in words, by the key of the question."""
    numbers = numbered(questions)
    return {one.key: " ".join(_lead(one, jump, numbers) for jump in one.jumps) for one in questions if one.jumps}


def numbered(questions: Sequence[Question]) -> dict[str, int]:
    """The numbers by which people speak of questions."""
    return {one.key: number for number, one in enumerate((one for one in questions if not one.is_section), start=1)}


def _lead(one: Question, jump: Mapping[str, str], numbers: Mapping[str, int]) -> str:
    words = {"option": dict(one.choices).get(jump["on"], jump["on"]), "number": numbers.get(jump["to"], "")}
    if jump["to"] == END:
        return _("“%(option)s”: you are through.") % words
    return _("“%(option)s”: go on with question %(number)s.") % words
