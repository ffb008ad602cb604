"""What a module declares of a list, and where it is found by its code."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import classproperty

from portal.foundation.navigation import Words
from portal.lists.columns import Column
from portal.lists.filters import Filter

MOST_WORDS = 6
SOME_KEY = 987_654_321


@dataclass(frozen=True, slots=True)
class RowAct:
    """Something done to several rows: `do(row, actor=)` is a service, called for each row for which the policy allows `action`.

    `after(rows, actor=)` is called once with those for which it was done: what would be told of each is told of all of them together.
    """

    code: str
    label: Words
    action: str
    do: Callable[..., Any]
    icon: str = ""
    is_dangerous: bool = False
    after: Callable[..., Any] | None = None


class List(ABC):
    """A list. `rows(user)` is the rule: what this person may see, by the policy of the model.

    `words_in` are the fields that the search field looks in, every word in any of them; without one there is no search field.
    """

    code: ClassVar[str]
    heading: ClassVar[Words]
    subtitle: ClassVar[Words] = ""
    icon: ClassVar[str] = "list"
    columns: ClassVar[Sequence[Column]]
    filters: ClassVar[Sequence[Filter]] = ()
    acts: ClassVar[Sequence[RowAct]] = ()
    words_in: ClassVar[Sequence[str]] = ()
    words_label: ClassVar[Words] = ""
    default_sort: ClassVar[str]
    per_page: ClassVar[int] = 25
    empty_title: ClassVar[Words]
    empty_text: ClassVar[Words] = ""
    url_name: ClassVar[str]
    row_url_name: ClassVar[str] = ""
    template_name: ClassVar[str] = "lists/list.html"
    is_exported: ClassVar[bool] = True
    exports_everything: ClassVar[bool] = False  # a file has every column, not only those that are shown
    picks_keys_first: ClassVar[bool] = False  # where rows are wide or of two tables: the page is chosen by keys, then read
    # Fields of the row that the page needs whatever columns are shown.
    related: ClassVar[Sequence[str]] = ()

    def is_allowed(self, user: Any) -> bool:
        """May this person open the list at all? The rows are a question of their own."""
        return bool(user.is_employee)

    @abstractmethod
    def rows(self, user: Any) -> QuerySet[Any]:
        """What this person may see, by the policy of the model."""

    def row_url(self, row: Any) -> str:
        """Where the first cell leads; nothing where a row has no page. By `row_url_name`, an address of the row's key alone."""
        if not self.row_url_name:
            return ""
        before, after = around_key(self.row_url_name)
        return f"{before}{row.pk}{after}"

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def made_ready(self, rows: list[Any], user: Any) -> list[Any]:
        """These rows with what their columns need besides, asked for all of them at once: those of a page, or some hundred of a file."""
        return rows

    def with_words(self, rows: QuerySet[Any], words: str, user: Any) -> QuerySet[Any]:
        for word in words.split()[:MOST_WORDS]:
            condition = Q()
            for field in self.words_in:
                condition |= Q(**{f"{field}__icontains": word})
            rows = rows.filter(condition)
        return rows

    def columns_for(self, user: Any) -> list[Column]:
        """Those that this person may see, in the list's own order."""
        return [column for column in self.columns if column.is_allowed(user)]

    def filters_for(self, user: Any) -> list[Filter]:
        return [one for one in self.filters if one.is_allowed(user)]

    @classproperty
    def key(cls) -> str:  # noqa: N805  # a property of the class
        """The code as it stands in an address."""
        return cls.code.replace(".", "-")  # type: ignore[attr-defined, no-any-return]


@cache
def around_key(url_name: str) -> tuple[str, str]:
    """What stands before and after the key in an address; asking Django for each row costs as much as drawing it."""
    before, _key, after = reverse(url_name, args=[SOME_KEY]).rpartition(str(SOME_KEY))
    return before, after


_lists: dict[str, List] = {}


def register_list(definition: type[List]) -> type[List]:
    """Make a list known by its code, for its saved views and its export. Refuses a second one, and what would not work."""
    code = definition.code
    if code in _lists and type(_lists[code]) is not definition:
        raise ValueError(f"two lists {code!r}")
    keys = [column.key for column in definition.columns]
    if len(set(keys)) != len(keys):
        raise ValueError(f"the list {code!r} has two columns of one key")
    sortable = {column.key for column in definition.columns if column.order_by}
    if definition.default_sort.removeprefix("-") not in sortable:
        raise ValueError(f"the list {code!r} cannot be sorted by {definition.default_sort!r}")
    _lists[code] = definition()
    return definition


def list_of(code: str) -> List | None:
    """None for a list of a module that is no longer there."""
    return _lists.get(code)


def all_lists() -> list[List]:
    return list(_lists.values())
