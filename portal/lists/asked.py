"""What an address asks of a list: filters, words, order, columns, place. Only what the list declares is read (S38)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import IntegerField, Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.foundation.asking import read_words
from portal.lists.columns import Column
from portal.lists.definition import List
from portal.lists.filters import Filter
from portal.lists.keys import Place, PlaceError, beyond, place_of, read_place, turned

COUNTED = 1_000
WORDS, SORT, COLUMNS, AFTER, BEFORE, VIEW, FILTERS = "q", "sort", "columns", "after", "before", "view", "filters"


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on, and the query of the address without it."""

    label: str
    said: str
    query: str


@dataclass(frozen=True, slots=True)
class ListedPage:
    """One page of rows. `count` is exact up to COUNTED; beyond that `is_more` holds. `previous` and `next` are places, or nothing."""

    rows: list[Any]
    count: int
    is_more: bool
    first: int
    previous: str
    next: str

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


class _Counted(Subquery):
    """How many rows an uncorrelated question has, asked once within the statement of the page."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class Asked:
    """A list as one person asks it. `values` is the query of an address; `columns` the keys that the person has chosen to see.

    `all_filters` for a page that shows each of them, also those behind "More filters".
    """

    def __init__(self, definition: List, user: Any, values: QueryDict, *, columns: list[str] | None = None, all_filters: bool = False) -> None:
        self.definition, self.user, self.values = definition, user, values
        self.all_columns = definition.columns_for(user)
        self.filters = definition.filters_for(user)
        self.words = read_words(values, WORDS) if definition.words_in else ""
        self.sort = self._asked_sort()
        self.is_opened = all_filters or values.get(FILTERS) == "all"
        self._chosen = [key for key in values.get(COLUMNS, "").split(",") if key] or columns or []

    @cached_property
    def form(self) -> forms.Form:
        """The filters, bound to what was asked; those behind "More filters" only where they are asked for or wrong: their choices are many."""
        form = self._form_of([one for one in self.filters if not one.is_further or self.is_opened or not self.values.keys().isdisjoint(one.keys)])
        return form if self.is_opened or form.is_valid() else self._form_of(self.filters)

    def _form_of(self, filters: list[Filter]) -> forms.Form:
        fields = {key: field for one in filters for key, field in one.fields().items()}
        form = _FilterForm(self.values, fields=fields, filters=filters)
        form.is_valid()
        return form

    @property
    def is_valid(self) -> bool:
        return not self.form.errors

    @cached_property
    def shown(self) -> list[Column]:
        """The columns of the page. The first one of the list, which names the row, is always there."""
        known = {column.key: column for column in self.all_columns}
        chosen = [known[key] for key in dict.fromkeys(self._chosen) if key in known]
        if not chosen:
            return [column for column in self.all_columns if column.is_shown]
        first = self.all_columns[0]
        return [first, *(column for column in chosen if column is not first)]

    @property
    def order(self) -> list[str]:
        """The fields of the order, ending in the key of the row."""
        column = next(column for column in self.all_columns if column.key == self.sort.removeprefix("-"))
        fields = [*(name for name in column.order_by if name != "pk"), "pk"]
        return turned(fields) if self.sort.startswith("-") else fields

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """What fits, in no order yet. The count, the page and the file are this one question."""
        rows = self.definition.rows(self.user)
        if not self.is_valid:
            return rows.none()
        for one in self.filters:
            rows = one.narrow(rows, self.form.cleaned_data)
        return self.definition.with_words(rows, self.words, self.user) if self.words else rows

    def page(self) -> ListedPage:
        """The rows of the page that is asked for; the first one where the address says none."""
        per_page, order = self.definition.per_page, self.order
        place, is_back = self._place()
        if place is None:
            found = self._found(order, None)
            rows, has_more, before = found[:per_page], len(found) > per_page, 0
        else:
            way = turned(order) if is_back else order
            try:
                found = self._found(way, beyond(place, way))
            except (ValueError, TypeError, ValidationError):  # a place of another column
                found = []
            has_more = len(found) > per_page
            rows = found[:per_page]
            before = place.before
            if is_back:
                rows.reverse()
                before = max(place.before - len(rows), 0) if has_more else 0
        if place is not None and not rows:  # what stood there is gone
            self.values = self._with(**{AFTER: None, BEFORE: None})
            return self.page()
        count = found[0].counted if found else 0
        rows = self.definition.made_ready(rows, self.user)
        has_earlier = has_more if is_back else place is not None
        has_later = True if is_back else has_more
        return ListedPage(
            rows,
            min(count, COUNTED),
            count > COUNTED,
            before + 1,
            place_of(rows[0], order, before=before) if rows and has_earlier else "",
            place_of(rows[-1], order, before=before + len(rows)) if rows and has_later else "",
        )

    def _found(self, order: list[str], condition: Q | None) -> list[Any]:
        """One row more than the page shows."""
        most = self.definition.per_page + 1
        counted = _Counted(self.rows.order_by().values("pk")[: COUNTED + 1])
        picks_keys = self.definition.picks_keys_first
        rows = (self.rows.order_by(*order) if picks_keys else self.ready(order)).annotate(counted=counted)
        rows = rows if condition is None else rows.filter(condition)
        if not picks_keys:
            return list(rows[:most])
        keys = dict(rows.values_list("pk", "counted")[:most])
        by_key = {row.pk: row for row in self.ready(order).filter(pk__in=keys)} if keys else {}
        for key, row in by_key.items():
            row.counted = keys[key]
        return [by_key[key] for key in keys if key in by_key]

    def ready(self, order: list[str]) -> QuerySet[Any]:
        """The rows with what the shown columns need besides."""
        related = [*self.definition.related, *(path for column in self.shown for path in column.related)]
        rows = self.rows.order_by(*order)
        for annotations in dict.fromkeys(column.annotations for column in self.shown if column.annotations):
            rows = rows.annotate(**annotations())
        return rows.select_related(*dict.fromkeys(related)) if related else rows

    @cached_property
    def chips(self) -> list[Chip]:
        if not self.is_valid:
            return []
        said = ((one, one.said(self.form.cleaned_data)) for one in self.filters)
        return [Chip(str(one.label), words, self.query(**dict.fromkeys([*one.keys, AFTER, BEFORE]))) for one, words in said if words]

    @property
    def is_everything(self) -> bool:
        """Nothing was asked but to see the list."""
        return not self.words and self.is_valid and not self.chips

    def query(self, **changes: Any) -> str:
        """The query of an address with these changes; None takes a key away."""
        return self._with(**changes).urlencode()

    @property
    def kept_query(self) -> str:
        """What a view keeps of an address: declared keys alone, no place, no view."""
        keys = {key for one in self.filters for key in one.keys} | {WORDS, SORT, COLUMNS}
        kept = QueryDict(mutable=True)
        for key in sorted(keys & set(self.values)):
            if values := [value for value in self.values.getlist(key) if value]:
                kept.setlist(key, values)
        return kept.urlencode()

    def described(self) -> dict[str, str]:
        """What was asked, in words, for the record."""
        return {chip.label: chip.said for chip in self.chips} | ({_("words"): self.words} if self.words else {})

    def _with(self, **changes: Any) -> QueryDict:
        values = self.values.copy()
        for key, value in changes.items():
            if value is None or value == "":
                values.pop(key, None)
            else:
                values[key] = str(value)
        return values

    def _asked_sort(self) -> str:
        sortable = {column.key for column in self.all_columns if column.order_by}
        asked = str(self.values.get(SORT, ""))
        if asked.removeprefix("-") in sortable:
            return asked
        default = self.definition.default_sort
        if default.removeprefix("-") in sortable:
            return default
        return next(column.key for column in self.all_columns if column.order_by)

    def _place(self) -> tuple[Place | None, bool]:
        for key, is_back in ((AFTER, False), (BEFORE, True)):
            if text := self.values.get(key, ""):
                try:
                    return read_place(text, self.order), is_back
                except PlaceError:
                    return None, False
        return None, False


class _FilterForm(forms.Form):
    """Filters as fields; what two fields say together is checked by their filter."""

    use_required_attribute = False

    def __init__(self, values: Mapping[str, Any], *, fields: dict[str, forms.Field], filters: list[Any]) -> None:
        super().__init__(values, auto_id="filter-%s")
        self.fields = fields  # made for this page alone, so they need no copy
        self._filters = filters

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for one in self._filters:
            if wrong := one.wrong(values):
                self.add_error(*wrong)
        return values
