"""Files of a list: what is asked, with the columns that are shown. At once where it is short, else in the background."""

import logging
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.foundation.spreadsheets import write_csv, write_xlsx
from portal.lists.asked import Asked
from portal.lists.columns import Column
from portal.lists.definition import list_of
from portal.lists.models import ListExport
from portal.lists.notifications import EXPORTED, NOT_EXPORTED
from portal.notifications.services import notify
from portal.outbox.troubles import is_everybodys, reason_of
from portal.runtime.progress import tell_progress

AT_ONCE = 2_000
MOST_EXPORTED = 500_000
CHUNK = 1_000
KEPT_FOR = timedelta(days=3)

logger = logging.getLogger(__name__)


def export_storage() -> Storage:
    return storages["exports"]


def headings_of(asked: Asked) -> list[str]:
    return [str(column.label) for column in columns_of(asked)]


def columns_of(asked: Asked) -> list[Column]:
    return asked.all_columns if asked.definition.exports_everything else asked.shown


def rows_of(asked: Asked, *, work: str = "", total: int = 0) -> Iterator[list[Any]]:
    """The cells of every row that fits, in the list's order, telling how far it is."""
    columns = columns_of(asked)
    count, found = 0, asked.ready(asked.order)[:MOST_EXPORTED].iterator(chunk_size=CHUNK)
    while rows := list(islice(found, CHUNK)):
        yield from ([column.in_file(row) for column in columns] for row in asked.definition.made_ready(rows, asked.user))
        count += len(rows)
        if work and len(rows) == CHUNK:
            tell_progress(work, count, total)


def make_export(export_id: int) -> None:
    """Write the file of one export, and tell its person. What they may see is asked now. Doing it again makes it once."""
    export = ListExport.objects.select_related("person").filter(pk=export_id, state=ListExport.State.WAITING).first()
    definition = list_of(export.list_code) if export else None
    if export is None:
        return
    try:
        if definition is None or not export.person.is_active or not definition.is_allowed(export.person):
            raise ExportRefusedError(_("The list is no longer open to you."))
        with translation.override(export.language or None):
            name, total = _write(export, Asked(definition, export.person, QueryDict(export.query)))
    except ExportRefusedError as error:
        _end(export, failure=str(error))
        return
    except Exception as error:
        if is_everybodys(error):
            raise
        logger.exception("the export %s failed", export_id)
        _end(export, failure=reason_of(error, longest=200))
        return
    _end(export, file=name, total=total)


class ExportRefusedError(Exception):
    """The file may not be made any more."""


def forget_old_exports() -> int:
    """Remove files that nobody has fetched for days; returns how many."""
    old = list(ListExport.objects.filter(asked_at__lt=timezone.now() - KEPT_FOR))
    for export in old:
        if export.file:
            export_storage().delete(export.file)
        export.delete()
    return len(old)


def _write(export: ListExport, asked: Asked) -> tuple[str, int]:
    total = min(asked.rows.count(), MOST_EXPORTED)
    work = f"export:{export.pk}"
    tell_progress(work, 0, total)
    storage, name = export_storage(), f"{export.pk}.{export.kind}"
    storage.delete(name)
    with tempfile.TemporaryFile() as target:
        _fill(target, export, asked, work, total)
        target.seek(0)
        return storage.save(name, File(target)), total


def _fill(target: IO[bytes], export: ListExport, asked: Asked, work: str, total: int) -> None:
    rows = rows_of(asked, work=work, total=total)
    if export.kind == "csv":
        for piece in write_csv(headings_of(asked), rows):
            target.write(piece)
    else:
        write_xlsx(target, str(asked.definition.heading), headings_of(asked), rows)


@transaction.atomic
def _end(export: ListExport, *, file: str = "", total: int = 0, failure: str = "") -> None:
    export.state = ListExport.State.FAILED if failure else ListExport.State.DONE
    export.file, export.done, export.total, export.failure = file, total, total, failure
    export.save()
    definition = list_of(export.list_code)
    with translation.override(export.language or None):
        words = {"file": export.get_file_name(definition.heading if definition else export.list_code)}
    notify(NOT_EXPORTED if failure else EXPORTED, words=words, about=export, recipients=[export.person_id], url=f"/lists/exports/{export.pk}/")
