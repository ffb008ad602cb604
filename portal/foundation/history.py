"""Rows as they were known: each change of a kept table leaves what the row was before, from when to when, who changed it and why.

`class CustomerVersion(Version, ...)` is made by `versions_of(Customer)`; `KeepHistory("Customer")` in a migration writes the trigger, again in each
migration that changes the fields. The trigger writes, so no way into the table is forgotten; nobody else changes a version. A service says for whom
and why by `changed_by(actor, reason)`, which holds until its transaction ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import connection, models
from django.db.migrations.operations.base import Operation
from django.db.models import Q

LONGEST_REASON = 300
KEEP = """
CREATE OR REPLACE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    moment timestamptz := clock_timestamp();
    since timestamptz;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT lower(known) INTO since FROM {versions} WHERE id = OLD.id AND upper_inf(known);
        moment := greatest(moment, since + interval '1 microsecond');
        UPDATE {versions} SET known = tstzrange(since, moment) WHERE id = OLD.id AND upper_inf(known);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO {versions} ({columns}, known, changed_by, reason) VALUES (
            {values}, tstzrange(moment, NULL), nullif(current_setting('history.actor', true), '')::bigint,
            coalesce(current_setting('history.reason', true), '')
        );
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER IF EXISTS {table}_keep ON {table};
CREATE TRIGGER {table}_keep AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_keep();
CREATE OR REPLACE FUNCTION {table}_keep_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: what was known stays', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
DROP TRIGGER IF EXISTS {table}_keep_refuse ON {versions};
CREATE TRIGGER {table}_keep_refuse BEFORE UPDATE OR DELETE ON {versions} FOR EACH ROW EXECUTE FUNCTION {table}_keep_refuse();
"""
FORGET = """
DROP TRIGGER {table}_keep ON {table};
DROP FUNCTION {table}_keep();
DROP TRIGGER {table}_keep_refuse ON {versions};
DROP FUNCTION {table}_keep_refuse();
"""


class VersionQuerySet(models.QuerySet[Any]):
    def at(self, moment: datetime) -> Self:
        """Each row as it was known at a moment; rows that were not there then are left out."""
        return self.filter(known__contains=moment)

    def open(self) -> Self:
        """As they are known now."""
        return self.filter(known__endswith__isnull=True)


class Version(models.Model):
    """What a row was known to be: `row` is its key, `known` from when to when, and beside them every column that it had, foreign keys as numbers."""

    version = models.BigAutoField(primary_key=True)
    known = DateTimeRangeField()
    changed_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)

    of: ClassVar[type[models.Model]]
    objects = VersionQuerySet.as_manager()

    class Meta:
        abstract = True

    def as_row(self) -> Any:
        """The row as it was, to be read and never saved."""
        names = {("row" if field.primary_key else field.attname): field.attname for field in self.of._meta.local_concrete_fields}
        return self.of(**{attname: getattr(self, name) for name, attname in names.items()})


def versions_of(model: type[models.Model], module: str, *, asked_by: Sequence[str] = ()) -> Any:
    """The model of the versions of a model, to be named in the same module: `CustomerVersion = versions_of(Customer, __name__)`.

    `asked_by` are columns by which many rows are asked for as of a moment; each has an index.
    """
    copies: dict[str, Any] = {}
    for field in model._meta.local_concrete_fields:
        if field.primary_key:
            copies["row"] = models.BigIntegerField(db_column=field.column)
        elif isinstance(field, models.ForeignKey):
            copies[field.attname] = models.BigIntegerField(null=field.null, db_column=field.column)
        else:
            copy: Any = field.clone()
            copy._unique = False  # of a unique value there is a version for each change
            copy.db_index = False
            copies[field.name] = copy
    meta = type(
        "Meta",
        (),
        {
            "app_label": model._meta.app_label,
            "db_table": f"{model._meta.db_table}_version",
            "indexes": [models.Index(fields=["row", "-version"]), *(models.Index(fields=[name]) for name in asked_by)],
            "constraints": [
                models.UniqueConstraint(fields=["row"], condition=Q(known__endswith__isnull=True), name=f"{model._meta.model_name}_one_is_known_now"),
            ],
            "verbose_name": model._meta.verbose_name,
            "default_permissions": (),
        },
    )
    return type(f"{model.__name__}Version", (Version,), {"__module__": module, "Meta": meta, "of": model, **copies})


class KeepHistory(Operation):
    """In a migration: from here on each change of the model's rows leaves a version. Written again by whatever migration changes its fields."""

    reversible = True

    def __init__(self, name: str) -> None:
        self.name = name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.name], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        columns = [schema_editor.quote_name(field.column) for field in model._meta.local_concrete_fields]
        table = model._meta.db_table
        words = {"table": table, "versions": f"{table}_version", "columns": ", ".join(columns), "values": ", ".join(f"NEW.{name}" for name in columns)}
        schema_editor.execute(KEEP.format(**words), params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = from_state.apps.get_model(app_label, self.name)._meta.db_table
        schema_editor.execute(FORGET.format(table=table, versions=f"{table}_version"), params=None)

    def describe(self) -> str:
        return f"Keep the history of {self.name}"


def changed_by(actor: Any, reason: str = "") -> None:
    """What this transaction changes is on record as this person's, for this reason."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('history.actor', %s, true), set_config('history.reason', %s, true)",
            [str(actor.pk) if actor is not None and actor.pk else "", reason.strip()[:LONGEST_REASON]],
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a row: at which moment, by whose number, why, and of which fields (name, before, after). `is_first` where the row began."""

    at: datetime
    by: int | None
    reason: str
    fields: tuple[tuple[str, Any, Any], ...]
    row: int
    is_first: bool = False


def changes_of(versions: models.QuerySet[Any], fields: tuple[str, ...]) -> Iterator[Change]:
    """What was changed, oldest first, of versions of one or several rows of one model; a version that differs in none of these fields is left out."""
    before: dict[int, Any] = {}
    for version in versions.order_by("row", "known"):
        last = before.get(version.row)
        before[version.row] = version
        found = tuple(
            (name, None if last is None else getattr(last, name), getattr(version, name))
            for name in fields
            if (getattr(version, name) not in (None, "") if last is None else getattr(last, name) != getattr(version, name))
        )
        if found or last is None:
            yield Change(version.known.lower, version.changed_by, version.reason, found, version.row, last is None)
