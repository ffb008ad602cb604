"""Pages in bulk, for the demo plant and the benchmarks: the rows of what was published, without what follows from publishing (revisions, bells, record)."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Locale, Page

BATCH = 1_000


def insert_pages(pages: Sequence[Any], places: Sequence[Page]) -> None:
    """Each page below its place in the tree. All of one model; what the page itself says (title, text, facts, times) is said already."""
    if not pages:
        return
    model = type(pages[0])
    locale, content_type = Locale.objects.first(), ContentType.objects.get_for_model(model)
    added: dict[int, int] = {}
    for page, place in zip(pages, places, strict=True):
        number = added[place.pk] = added.get(place.pk, 0) + 1
        page.slug = uuid4().hex[:12]
        page.path, page.depth, page.numchild = model._get_path(place.path, place.depth + 1, place.numchild + number), place.depth + 1, 0
        page.url_path, page.draft_title = f"{place.url_path}{page.slug}/", page.title
        page.content_type, page.locale, page.translation_key = content_type, locale, uuid4()
        page.live, page.has_unpublished_changes = True, False
        page.first_published_at = page.last_published_at = page.published_at
    for start in range(0, len(pages), BATCH):
        _insert(model, pages[start : start + BATCH])
    for place in {place.pk: place for place in places}.values():
        Page.objects.filter(pk=place.pk).update(numchild=place.numchild + added[place.pk])


def _insert(model: type[Page], pages: Sequence[Any]) -> None:
    """Django makes no rows of inherited models in bulk."""
    of_page = [field for field in Page._meta.concrete_fields if field.attname != "id"]
    rows = Page.objects.bulk_create([Page(**{field.attname: getattr(page, field.attname) for field in of_page}) for page in pages])
    for page, row in zip(pages, rows, strict=True):
        page.pk = page.id = page.page_ptr_id = row.pk
    fields = model._meta.local_concrete_fields
    columns = ", ".join(f'"{one.column}"' for one in fields)
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places})",  # noqa: S608  # names of our own table
            [[one.get_db_prep_save(getattr(page, one.attname), connection) for one in fields] for page in pages],
        )
