"""What is read from small tables on many pages: kept in the process for as long as no row of them has become another.

PostgreSQL stamps each version of a row with the transaction that wrote it and the place where it lies. A sum over these of a hundred rows costs a
tenth of reading the rows and making something of them, and no clock and no message between processes decides whether what is kept still holds.
"""

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from django.db import connection

Value = TypeVar("Value")
STAMP = "SELECT count(*), sum({sums}) FROM {source}"
OF_ROW = "coalesce(hashtext({alias}.xmin::text || {alias}.ctid::text), 0)::bigint"
MOST = 8


class Kept(Generic[Value]):
    """`read` makes the value, for each `key` (a language, a day) its own; `source` is what stands behind FROM, and `aliases` name its rows."""

    def __init__(self, read: Callable[[], Value], source: str, *aliases: str, key: Callable[[], Hashable] = lambda: None) -> None:
        self.read, self.key = read, key
        self.statement = STAMP.format(sums=" + ".join(OF_ROW.format(alias=alias) for alias in aliases), source=source)
        self._values: dict[Hashable, tuple[tuple[Any, ...], Value]] = {}

    def get(self) -> Value:
        """The stamp is taken before the value is read: what is changed in between is read again the next time."""
        with connection.cursor() as cursor:
            cursor.execute(self.statement)
            stamp = tuple(cursor.fetchone() or ())
        key = self.key()
        known = self._values.get(key)
        if known is not None and known[0] == stamp:
            return known[1]
        value = self.read()
        if key not in self._values and len(self._values) >= MOST:
            self._values = {}
        self._values[key] = (stamp, value)
        return value
