"""Those who take part in one thing: tokens in a table beside it, where an audience for each thing would be as many rules as things.

A paper under approval is seen by those who sign it, a customer's file by those who keep it. A model takes `HasReaders` and has a table of its own that
takes `Reader` with a foreign key `thing`; services write it (`add_readers`, `remove_readers`, `replace_readers` of `portal.access.participation`).
The policy says who takes part (`taking_part`, `rows_of_taking_part`); decisions, lists, recipients, bells and search ask there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.standings import standing_of
from portal.access.visibility import AudiencedQuerySet

MOST_COUNTED = 1_000
# Of each token the newest alone are looked at, so that it does not matter in how many things somebody takes part.
TAKEN = """
    SELECT DISTINCT mine.thing_id FROM unnest(%s::varchar[]) AS held (token) CROSS JOIN LATERAL (
        SELECT thing_id FROM {table} WHERE token = held.token AND level <= %s AND thing_id < %s ORDER BY thing_id DESC LIMIT %s
    ) mine
    ORDER BY mine.thing_id DESC LIMIT %s
"""
LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class TakingPart:
    """Who takes part in a thing: the holders of these tokens, from a level on. `reasons` tells why a token stands there, in words."""

    tokens: tuple[str, ...] = ()
    level: int = 0
    reasons: Sequence[tuple[str, str | Promise]] = ()

    def match(self, tokens: frozenset[str], level: int) -> str | None:
        """The token by which somebody takes part; None where nobody of the kind does."""
        return next((token for token in self.tokens if token in tokens), None) if level >= self.level else None

    def reason_of(self, token: str) -> str | Promise:
        return dict(self.reasons).get(token) or _("Takes part in it.")


NOBODY = TakingPart()


class Reader(models.Model):
    """Whoever holds `token` takes part in the thing, since when and why (`reason`, a code of the thing's model). `level` is the thing's own.

    A model that takes it has `thing`, a foreign key to what is read with `related_name="readers"`.
    """

    token = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["token", "thing"], include=["level"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.token} of {self.thing_id}"  # type: ignore[attr-defined]  # each table has its own


class ReadQuerySet(AudiencedQuerySet):
    """Of a model that `HasReaders`, and may have an audience besides: either opens a thing."""

    def taken_by(self, user: Any) -> Self:
        """Those in which this person takes part; one statement of the same length for everybody."""
        return self.filter(rows_taken(self.model, user))

    def newest_taken_by(self, user: Any, most: int, *, before: int = LAST) -> list[Any]:
        """The newest of them; further ones are those `before` the last."""
        return list(self.filter(pk__in=RawSQL(*_taken(self.model, user, most, before))).order_by("-pk"))

    def count_taken_by(self, user: Any, most: int = MOST_COUNTED) -> tuple[int, bool]:
        """How many they are, and whether there are more than that."""
        statement, parameters = _taken(self.model, user, most + 1, LAST)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({statement}) taken", parameters)  # noqa: S608  # a constant
            found = int(cursor.fetchone()[0])
        return min(found, most), found > most


class HasReaders(models.Model):
    """The mixin of a thing that is seen by those who take part in it, who hold `least_level` at least. May stand beside `Audienced`."""

    least_level = models.PositiveSmallIntegerField(_("least level of those who take part"), default=0)

    # Why somebody takes part, by the codes in the table.
    reader_reasons: ClassVar[dict[str, str | Promise]] = {}

    objects = ReadQuerySet.as_manager()

    class Meta:
        abstract = True


def reader_model(model: type[models.Model]) -> type[Any]:
    """The table of those who take part in things of a model."""
    related: type[Any] = model.readers.rel.related_model  # type: ignore[attr-defined]  # each has its own table
    return related


def taking_part_in(thing: Any) -> TakingPart:
    """Who takes part in a thing, by its table."""
    rows = sorted(thing.readers.values_list("token", "reason"))
    reasons = [(token, thing.reader_reasons[reason]) for token, reason in rows if reason in thing.reader_reasons]
    return TakingPart(tuple(token for token, _reason in rows), thing.least_level, reasons)


def rows_taken(model: type[models.Model], user: Any) -> models.Q:
    """The rows of a model in which a person takes part."""
    standing = standing_of(user)
    mine = reader_model(model)._default_manager.filter(token__among=standing.tokens, level__lte=standing.level)
    return models.Q(pk__in=mine.values("thing"))


def _taken(model: type[models.Model], user: Any, most: int, before: int) -> tuple[str, list[Any]]:
    """The ids of the newest of them, by index alone: the statement and its parameters."""
    standing = standing_of(user)
    statement = TAKEN.format(table=connection.ops.quote_name(reader_model(model)._meta.db_table))
    return statement, [standing.tokens, standing.level, before, most, most]
