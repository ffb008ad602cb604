"""`visible_to(user)`: the rule of visibility in SQL, for any model that takes the mixin."""

from typing import Any, Self

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from portal.access.models import Audience
from portal.access.standings import standing_of

# Parameters: tokens, level, tokens; or by name, `tokens` and `level`.
MATCHES_AUDIENCE = "include && %s::varchar[] AND level <= %s AND NOT exclude && %s::varchar[]"
AUDIENCES_NAMED = "SELECT id FROM access_audience WHERE include && %(tokens)s::varchar[] AND level <= %(level)s AND NOT exclude && %(tokens)s::varchar[]"


class AudiencedQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The rows whose audience this person is in. The statement does not grow with the number of restricted rows."""
        return self.filter(audience__any=audience_ids_of(user))


class Audienced(models.Model):
    """The mixin that gives a model a rule of visibility; index (audience, date) and (date) in the model."""

    audience = models.ForeignKey(Audience, verbose_name=_("who may see it"), on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = AudiencedQuerySet.as_manager()

    class Meta:
        abstract = True


def audience_ids_of(user: Any) -> list[int]:
    """The ids of the audiences that a person is in, read once for each standing (so once a request)."""
    standing = standing_of(user)
    known: list[int] | None = getattr(standing, "_audience_ids", None)
    if known is None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM access_audience WHERE {MATCHES_AUDIENCE}",  # noqa: S608  # a constant
                [standing.tokens, standing.level, standing.tokens],
            )
            known = [row[0] for row in cursor.fetchall()]
        remember_audiences(user, known)
    return known


def remember_audiences(user: Any, ids: list[int]) -> None:
    """For a statement that has asked for `AUDIENCES_NAMED` besides: they need not be asked for again in this request."""
    standing_of(user)._audience_ids = ids  # type: ignore[attr-defined]
