"""What is typed into a field or a cell, read as a content keeps it; and what is kept, as one types it. Each refusal is a sentence about what was typed."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.approvals.definitions.fields import FieldPlan
from portal.approvals.definitions.forms import read_decimal
from portal.directory.fields import PersonField
from portal.foundation.moments import OUT_OF_YEARS, YEARS
from portal.foundation.storable import storable
from portal.organization.places import Places, folded, person_label, posts_of, read_places

GROUPED = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")
MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})月?")
LONGEST_CELL = 200


def half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def read_amount(text: str, *, places: int, greatest: Decimal, may_be_negative: bool) -> Decimal | None:
    """A number as people write it: full width, with commas between thousands. Refuses what could be read in two ways (1.234,5)."""
    text = half_width(text).replace(" ", "").lstrip("¥￥")
    if not text:
        return None
    wrong = ValidationError(_("“%(text)s” is no number. Write it as 1234.50 or 1,234.50.") % {"text": text[:40]})
    if not GROUPED.fullmatch(text) or len(text) > 60:
        raise wrong
    try:
        number = read_decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise wrong from error
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise ValidationError(_("Up to %(places)s decimal places.") % {"places": places} if places else _("Write a whole number."))
    if number < 0 and not may_be_negative:
        raise ValidationError(_("It cannot be less than nothing."))
    if abs(number) > greatest:
        raise ValidationError(_("Up to %(most)s.") % {"most": f"{greatest:,}"})
    return number + 0  # no -0


def read_month(text: str) -> str | None:
    text = half_width(text).replace(" ", "")
    if not text:
        return None
    found = MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12:
        raise ValidationError(_("“%(text)s” is no month. Write it as 2026-11.") % {"text": text[:40]})
    if int(found[1]) not in YEARS:
        raise ValidationError(str(OUT_OF_YEARS))
    return f"{found[1]}-{int(found[2]):02}"


class Cells:
    """Reads and shows cells of tables; departments are read once, and who is meant by a name is asked once."""

    def __init__(self) -> None:
        self._people: dict[str, Any] = {}
        self._names: dict[int, str] = {}
        self._readers: dict[str, Callable[[FieldPlan, str], Any]] = {
            "number": _read_number,
            "money": _read_number,
            "day": _read_day,
            "month": lambda _plan, text: read_month(text),
            "choice": _read_choice,
            "department": self._read_department,
            "person": self._read_person,
        }

    @cached_property
    def places(self) -> Places:
        return read_places()

    def read(self, plan: FieldPlan, text: str) -> Any:
        """As a content keeps it, None for nothing. Raises ValidationError with a sentence."""
        text = storable(text).strip()
        if not text:
            return None
        reader = self._readers.get(plan.type)
        if reader is not None:
            return reader(plan, text)
        longest = plan.longest or LONGEST_CELL
        if len(text) > longest:
            raise ValidationError(_("Up to %(most)s characters.") % {"most": longest})
        return " ".join(text.split())

    def show(self, plan: FieldPlan, value: Any) -> str:
        """As one would type it."""
        if value in (None, ""):
            return ""
        if plan.type == "choice":
            return plan.choice_label(str(value))
        if plan.type == "department":
            return self.places.label(int(value))
        if plan.type == "person":
            return self._names.get(int(value), "")
        return f"{Decimal(str(value)):f}" if plan.is_number else str(value)

    def know_people(self, ids: Iterable[int]) -> None:
        """Ask for several at once how they are told apart."""
        people = list(User.objects.filter(pk__in=set(ids) - set(self._names)))
        posts = posts_of(people) if people else {}
        self._names |= {person.pk: person_label(person, posts) for person in people}

    def _read_department(self, _plan: FieldPlan, text: str) -> int:
        found = self.places.find(text)
        if not found:
            raise ValidationError(_("There is no department called “%(text)s”.") % {"text": text[:40]})
        same = [place for place in found if self.places.labels[place.pk] == half_width(text)] or found
        if len(same) > 1 and found[0].fit(folded(text)) != 0:
            several = _(", ").join(self.places.labels[place.pk] for place in same[:4])
            raise ValidationError(_("Several departments fit: %(departments)s.") % {"departments": several})
        return same[0].pk

    def _read_person(self, _plan: FieldPlan, text: str) -> int:
        if text not in self._people:
            self._people[text] = PersonField(required=False).clean(text)
        return int(self._people[text].pk)


def _read_number(plan: FieldPlan, text: str) -> str | None:
    number = read_amount(text, places=plan.places, greatest=plan.greatest, may_be_negative=plan.may_be_negative)
    return None if number is None else f"{number:.{plan.places}f}"


def _read_day(_plan: FieldPlan, text: str) -> str:
    words = half_width(text).replace(" ", "")
    found = DAY.fullmatch(words)
    if found is None:
        raise ValidationError(_("“%(text)s” is no day. Write it as 2026-11-20.") % {"text": text[:40]})
    year = int(found[1] or timezone.localdate().year)
    if year not in YEARS:
        raise ValidationError(str(OUT_OF_YEARS))
    try:
        return date(year, int(found[2]), int(found[3])).isoformat()
    except ValueError as error:
        raise ValidationError(_("There is no such day: %(text)s.") % {"text": text[:40]}) from error


def _read_choice(plan: FieldPlan, text: str) -> str:
    asked = half_width(text)
    for code, _label in plan.choices:
        if asked in (code, plan.choice_label(code), _label.get("zh"), _label.get("en")):
            return code
    several = _(", ").join(plan.choice_label(code) for code, _label in plan.choices)
    raise ValidationError(_("“%(text)s” is none of these: %(choices)s.") % {"text": text[:40], "choices": several})
