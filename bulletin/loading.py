"""Loading a notice for its page by one statement that is built once: building it anew for each reader costs more than asking it."""

from dataclasses import dataclass
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.http import Http404
from wagtail.models import Page

from bulletin.models import Notice
from portal.access.models import Audience
from portal.accounts.models import User
from portal.organization.models import Department

# What the page needs; the columns that Wagtail keeps of every page are left where they are.
OF_NOTICE = (
    "id", "title", "page_ptr_id",
    "kind", "body", "file_ids", "is_urgent", "pinned_until", "allows_comments", "needs_confirmation", "confirm_by", "opens_on", "closes_on",
    "audience_id", "department_id", "published_by_id", "is_shown", "shown_until", "published_at", "corrected_at", "version_number", "binding_number",
    "document_prefix", "document_year", "document_number", "retracted_at", "retraction_reason", "topic_closed_at", "topic_summary",
)  # fmt: skip
OF_OTHERS: tuple[tuple[str, type[models.Model], tuple[str, ...], str], ...] = (
    ("department", Department, ("id", "name", "name_en"), "JOIN {table} {name} ON {name}.id = n.department_id"),
    ("audience", Audience, ("id", "include", "exclude", "level"), "LEFT JOIN {table} {name} ON {name}.id = n.audience_id"),
    ("published_by", User, ("id", "name"), "LEFT JOIN {table} {name} ON {name}.id = n.published_by_id"),
)
FURTHER = "ARRAY(SELECT department_id FROM bulletin_boardreference WHERE notice_id = n.page_ptr_id)"


@dataclass(frozen=True, slots=True)
class PublishedNotice:
    """The rows that `get_permitted` looks for a notice in. What it finds has `further`, the departments on whose boards it also stands."""

    pk: int | None = None

    def filter(self, *, pk: int) -> "PublishedNotice":
        return PublishedNotice(pk)

    def first(self) -> Notice | None:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(_statement(), [self.pk])
            row = cursor.fetchone()
        if row is None:
            return None
        start = len(OF_NOTICE)
        notice = Notice.from_db(DEFAULT_DB_ALIAS, OF_NOTICE, row[:start])
        for name, model, columns, _join in OF_OTHERS:
            values = row[start : start + len(columns)]
            related = model.from_db(DEFAULT_DB_ALIAS, columns, values) if values[0] is not None else None
            Notice._meta.get_field(name).set_cached_value(notice, related)  # type: ignore[union-attr]
            start += len(columns)
        notice.further = row[start]
        return notice


def department_of_board(pk: int) -> Department:
    """A department with its names alone. Raises Http404 where there is none."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f'SELECT id, name, name_en FROM "{Department._meta.db_table}" WHERE id = %s', [pk])  # noqa: S608  # the name of our own table
        row = cursor.fetchone()
    if row is None:
        raise Http404
    return Department.from_db(DEFAULT_DB_ALIAS, ("id", "name", "name_en"), row)


@cache
def _statement() -> str:
    """Django makes an object of values in the order of its model's fields, whatever the order of their names."""
    own = [field for field in Notice._meta.concrete_fields if field.attname in OF_NOTICE]
    assert len(own) == len(OF_NOTICE)
    columns = [f'{"p" if field.model is Page else "n"}."{field.column}"' for field in own]
    joins = []
    for name, model, names, join in OF_OTHERS:
        columns += [f'"{name}"."{column}"' for column in names]
        joins.append(join.format(table=f'"{model._meta.db_table}"', name=f'"{name}"'))
    tables = f'"{Notice._meta.db_table}" n JOIN "{Page._meta.db_table}" p ON p.id = n.page_ptr_id {" ".join(joins)}'
    return f"SELECT {', '.join(columns)}, {FURTHER} FROM {tables} WHERE n.page_ptr_id = %s"  # noqa: S608  # names of our own tables
