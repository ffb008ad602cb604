"""Loading the person of a request, with everything that each page asks, in one statement."""

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS, connections, models

from portal.access.models import Standing
from portal.access.rules import CUSTOMERS, EVERYONE
from portal.access.standings import standing_of
from portal.accounts.models import Preferences, User
from portal.organization.models import Profile


class StandingBackend(AuthenticationBackend):
    """Sign-in by employee number. Someone who is inactive, or employed by nobody today, is signed in nowhere, from one request to the next."""

    def get_user(self, user_id: Any) -> User | None:
        user = load_person(int(user_id))
        return user if user is not None and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.is_active) and not standing_of(user).token_set.isdisjoint({EVERYONE, CUSTOMERS})


def load_person(user_id: int) -> User | None:
    """The person with their standing, preferences and card. The statement is built once, for on every page that costs more than asking."""
    statement, width, parts = _statement()
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(statement, [user_id])
        row = cursor.fetchone()
    if row is None:
        return None
    user = User.from_db(DEFAULT_DB_ALIAS, _names(User), row[:width])
    start = width
    for model, relation in parts:
        names = _names(model)
        values = row[start : start + len(names)]
        related = model.from_db(DEFAULT_DB_ALIAS, names, values) if values[0] is not None else None
        User._meta.get_field(relation).set_cached_value(user, related)  # type: ignore[union-attr]
        start += len(names)
    return user


@cache
def _statement() -> tuple[str, int, list[tuple[type[models.Model], str]]]:
    parts: list[tuple[type[models.Model], str]] = [(Standing, "stored_standing"), (Preferences, "stored_preferences"), (Profile, "profile")]
    tables: list[type[models.Model]] = [User, *(model for model, _relation in parts)]
    columns = ", ".join(f'"{model._meta.db_table}"."{field.column}"' for model in tables for field in model._meta.concrete_fields)
    people = User._meta.db_table
    joins = " ".join(f'LEFT JOIN "{table}" ON "{table}"."{key}" = "{people}"."id"' for table, key in (_table_and_key(model) for model, _relation in parts))
    return f'SELECT {columns} FROM "{people}" {joins} WHERE "{people}"."id" = %s', len(_names(User)), parts  # noqa: S608  # names of our own tables


def _table_and_key(model: type[models.Model]) -> tuple[str, str | None]:
    assert model._meta.pk is not None
    return model._meta.db_table, model._meta.pk.column


@cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
