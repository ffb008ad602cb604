"""Finding the row of a rule, and comparing with many ids at once."""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.fields.related_lookups import RelatedLookupMixin

from portal.access.rules import AudienceRule

if TYPE_CHECKING:
    from portal.access.models import Audience


class AudienceManager(models.Manager["Audience"]):
    def for_rule(self, rule: AudienceRule) -> "Audience":
        """The one row of a rule, made if need be."""
        fields = self._fields(rule)
        audience, _created = self.get_or_create(key_digest=fields.pop("key_digest"), defaults=fields)
        return audience

    def add_rules(self, rules: Iterable[AudienceRule]) -> None:
        """Make the rows of many rules at once."""
        self.bulk_create([self.model(**self._fields(rule)) for rule in rules], batch_size=2_000, ignore_conflicts=True)

    def _fields(self, rule: AudienceRule) -> dict[str, Any]:
        digest = hashlib.sha256(rule.key.encode()).digest()
        return {"key_digest": digest, "key": rule.key, "include": list(rule.include), "exclude": list(rule.exclude), "level": rule.level}


@models.ForeignKey.register_lookup
class IsAnyOf(RelatedLookupMixin, models.Lookup):
    """`field__any=[ids]`: one array instead of one parameter an id, so that the statement has the same length for all."""

    lookup_name = "any"

    def get_prep_lookup(self) -> list[int]:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, parameters = self.process_lhs(compiler, connection)
        return f"{sql} = ANY(%s::bigint[])", [*parameters, self.rhs]


@models.CharField.register_lookup
class IsAmong(models.Lookup):
    """`field__among=[words]`: one array instead of one parameter each."""

    lookup_name = "among"

    def get_prep_lookup(self) -> list[str]:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, parameters = self.process_lhs(compiler, connection)
        return f"{sql} = ANY(%s::varchar[])", [*parameters, self.rhs]
