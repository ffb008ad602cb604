"""`visible_to(user)`: the rule of visibility in SQL, for any model that takes the mixin."""

from typing import Any, Self

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from portal.access.models import Audience, AudienceGroup
from portal.access.rules import CUSTOMERS, AudienceRule, group_token
from portal.access.standings import CUSTOMER_LEVEL, standing_of

# Parameters: tokens, level, tokens; by name: tokens, level.
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
    return [int(pk) for pk in audience_text_of(user)[1:-1].split(",") if pk]


def audience_text_of(user: Any) -> str:
    """The same as PostgreSQL writes an array, for hand-written statements: a list of some hundred numbers costs the driver more than all else in them."""
    standing = standing_of(user)
    known: str | None = getattr(standing, "_audiences", None)
    if known is None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT string_agg(id::text, ',') FROM ({AUDIENCES_NAMED}) mine",  # noqa: S608  # a constant
                {"tokens": standing.tokens, "level": standing.level},
            )
            known = remember_audiences(user, cursor.fetchone()[0])
    return known


def remember_audiences(user: Any, ids: str | None) -> str:
    """For a statement that has asked for `AUDIENCES_NAMED` besides: they need not be asked for again in this request."""
    text = f"{{{ids or ''}}}"
    standing_of(user)._audiences = text  # type: ignore[attr-defined]
    return text


def audience_ids_of_customers() -> list[int]:
    """The audiences that every customer is in, by the rule that holds for people. What they name is released: customers read it on their own site, and
    nothing of it on the intranet."""
    groups = AudienceGroup.objects.filter(audience__in=_audiences_taking([CUSTOMERS])).values_list("pk", flat=True)
    return list(_audiences_taking([CUSTOMERS, *map(group_token, groups)]).values_list("pk", flat=True))


def reaches_customers(rule: AudienceRule) -> bool:
    """Whether every customer is in the audience."""
    return bool(rule.match(frozenset([CUSTOMERS]), CUSTOMER_LEVEL))


def _audiences_taking(tokens: list[str]) -> models.QuerySet[Audience]:
    return Audience.objects.filter(include__overlap=tokens, level__lte=CUSTOMER_LEVEL).exclude(exclude__overlap=tokens)
