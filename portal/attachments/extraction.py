"""Checking, and reading the text of, what has come in; one file after the other, over all workers."""

import json
import logging
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from portal.attachments.kinds import OFFICE_CONTAINER, Kind
from portal.attachments.models import FILES, Attachment, FileText, StoredFile
from portal.attachments.notifications import INFECTED
from portal.attachments.office import has_page_pictures, make_pdf, open_pdf_of
from portal.attachments.reading.parts import PART_LOST, Protected
from portal.attachments.reading_kinds import is_read_directly
from portal.attachments.registry import announce_texts
from portal.attachments.renditions import has_thumbnail, open_page, open_thumbnail
from portal.attachments.scanning import Verdict, is_up, scan
from portal.attachments.storage import content_storage, hold_files
from portal.audit.services import record
from portal.foundation.limited import LimitedError, Reason, run_limited
from portal.foundation.locks import TakenError, alone
from portal.foundation.storable import storable
from portal.notifications.services import notify
from portal.outbox.troubles import DIED, begin_try, forget_trouble, is_everybodys, not_now, note_trouble, reason_of

logger = logging.getLogger(__name__)

READERS_LOCK = 482213
MOST_IN_A_ROW = 200
TEXT_BYTES = 64 * 2**20
REASONS = {
    Reason.MEMORY: gettext_noop("it needs too much memory"),
    Reason.TIME: gettext_noop("it takes too long"),
    Reason.OUTPUT: gettext_noop("its text does not end"),
    Reason.CRASHED: gettext_noop("the reader crashed over it"),
    Reason.MISSING: gettext_noop("LibreOffice is not installed"),
}
PROTECTED = gettext_noop("it is protected by a password")
DAMAGED = gettext_noop("it cannot be read; it may be damaged")
PARTLY = gettext_noop("a part of it is damaged or missing")


class NoVerdictError(Exception):
    """The scanner answers, but not whether this file is clean."""


class ScannerAwayError(Exception):
    """Nobody can be asked now; no file is to blame."""


def read_waiting() -> int:
    """Check and read what waits, oldest first; how many were dealt with. Only one worker at a time does so, so that others stay free.

    A file over which anything fails is put aside after a few tries, and what stands behind it goes on.
    """
    try:
        with alone(READERS_LOCK):
            return _read_in_turn()
    except TakenError:
        return 0


def _read_in_turn() -> int:
    done: set[int] = set()
    waiting = StoredFile.objects.filter(Q(scan=StoredFile.Scan.WAITING) | Q(text_state=StoredFile.Text.WAITING))
    while len(done) < MOST_IN_A_ROW:
        pk = waiting.exclude(pk__in=done).exclude(pk__in=not_now(FILES)).order_by("created_at", "pk").values_list("pk", flat=True).first()
        if pk is None:
            break
        done.add(pk)
        if not begin_try(FILES, pk):
            _give_up(pk, DIED)
            continue
        try:
            with transaction.atomic():
                _deal_with(pk)
        except ScannerAwayError as error:
            logger.warning("the scanner does not answer: %s", error)
            forget_trouble(FILES, [pk])
            waiting = waiting.exclude(scan=StoredFile.Scan.WAITING)
        except Exception as error:
            if is_everybodys(error):
                forget_trouble(FILES, [pk])
                raise
            logger.exception("file %s cannot be dealt with", pk)
            if note_trouble(FILES, pk, reason_of(error)):
                _give_up(pk, reason_of(error))
    return len(done)


def _deal_with(pk: int) -> None:
    file = StoredFile.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if file is not None:
        if file.scan == StoredFile.Scan.WAITING:
            _check(file)
        if file.is_open and file.text_state == StoredFile.Text.WAITING:
            _read(file)
        _announce(file)
        if file.is_repeated:
            _make_one(file)
    forget_trouble(FILES, [pk])


def _make_one(file: StoredFile) -> None:
    """What came once more hangs on the row that was there, where both were found to be alike; its own row is cleared away with what nothing points to."""
    alike = {"scan": file.scan, "text_state": file.text_state, "media_type": file.media_type}
    first = StoredFile.objects.filter(sha256=file.sha256, is_repeated=False, **alike).first()
    if first is not None and file.text_state != StoredFile.Text.WAITING and file.scan != StoredFile.Scan.WAITING:
        hold_files()
        Attachment.objects.filter(file=file).update(file=first)


@transaction.atomic
def _give_up(pk: int, reason: str) -> None:
    """Whoever looks at the file learns that its text cannot be read. One that was not checked goes on being shown to nobody."""
    logger.error("file %s is put aside: %s", pk, reason)
    waiting = StoredFile.objects.filter(pk=pk, text_state=StoredFile.Text.WAITING).exclude(scan=StoredFile.Scan.WAITING)
    waiting.update(text_state=StoredFile.Text.FAILED, text_reason=REASONS[Reason.CRASHED])


def _announce(file: StoredFile) -> None:
    things: dict[int, list[int]] = defaultdict(list)
    for attachment in Attachment.objects.filter(file=file, standing=Attachment.Standing.SHOWN):
        if attachment.about_type_id and attachment.about_id:
            things[attachment.about_type_id].append(attachment.about_id)
    for type_id, ids in things.items():
        if model := ContentType.objects.get_for_id(type_id).model_class():
            announce_texts(model, ids)


def _check(file: StoredFile) -> None:
    """Ask the scanner again. Without an answer the file goes on waiting; only where the plant has given up its scanner it is let through.

    Raises `NoVerdictError` where the scanner works and cannot say anything of this file, `ScannerAwayError` where it does not answer at all.
    """
    address = settings.ENVIRONMENT.clamd
    if not address:
        file.scan, file.finding = StoredFile.Scan.UNCHECKED, ""
    else:
        with content_storage().open(file.storage_name) as content:
            finding = scan(content, address)
        if finding.verdict == Verdict.UNKNOWN:
            raise NoVerdictError(finding.words) if is_up(address) else ScannerAwayError(finding.words)
        file.finding = finding.words
        if finding.verdict == Verdict.CLEAN:
            file.scan = StoredFile.Scan.CLEAN
        elif finding.verdict == Verdict.INFECTED:
            file.scan = StoredFile.Scan.INFECTED
            file.text_state = StoredFile.Text.NONE
            _tell_of_infection(file)
    file.save(update_fields=["scan", "finding", "text_state"])


def _tell_of_infection(file: StoredFile) -> None:
    for attachment in Attachment.objects.filter(file=file):
        record(None, "file.infected", attachment, after={"finding": file.finding})
        if attachment.uploaded_by_id is not None:
            notify(INFECTED, words={"file": attachment.name, "finding": file.finding}, recipients=[attachment.uploaded_by_id])


def _read(file: StoredFile) -> None:
    """Keep the text by pages, count the pages and draw the first; whatever the content does, the state says how it ended."""
    try:
        with transaction.atomic():
            read = _texts(file)
            texts = [FileText(file=file, number=number, text=text) for number, text in read if number != PART_LOST]
            FileText.objects.filter(file=file).delete()
            FileText.objects.bulk_create(texts, batch_size=500)
        file.text_state = StoredFile.Text.DONE if texts else StoredFile.Text.NONE
        file.text_reason = PARTLY if len(texts) < len(read) else ""
    except LimitedError as failure:
        logger.info("no text of file %s: %s", file.pk, failure)
        file.text_state = StoredFile.Text.FAILED
        file.text_reason = REASONS.get(failure.reason) or (PROTECTED if failure.detail.partition(":")[0] == Protected.__name__ else DAMAGED)
    file.save(update_fields=["text_state", "text_reason", "page_count"])
    _draw_ahead(file)


def _draw_ahead(file: StoredFile) -> None:
    """The pictures that are looked at first. What fails here is tried again by who looks, and costs nobody the text."""
    try:
        with transaction.atomic():
            for drawn in (open_thumbnail(file), open_page(file, 1)) if has_thumbnail(file) else ():
                if drawn is not None:
                    drawn.close()
    except Exception as error:
        if is_everybodys(error):
            raise
        logger.exception("no picture of file %s", file.pk)


def _texts(file: StoredFile) -> list[tuple[int, str]]:
    if file.kind == Kind.PICTURE:
        return []
    if file.kind == Kind.DOCUMENT and file.media_type == OFFICE_CONTAINER:
        raise LimitedError(Reason.REFUSED, f"{Protected.__name__}: an encrypted package")
    is_direct = is_read_directly(file.media_type, file.kind)
    if file.kind != Kind.PDF:
        _try_to_make_pdf(file, is_needed=not is_direct)
    if has_page_pictures(file) or file.kind == Kind.PDF:
        file.page_count = _count_pages(file)
    with open_pdf_of(file) if not is_direct else content_storage().open(file.storage_name) as content:
        media_type = file.media_type if is_direct else "application/pdf"
        answer = run_limited(
            "portal.attachments.reading.texts:extract",
            content,
            arguments=[media_type],
            memory_bytes=1024 * 2**20,
            cpu_seconds=60,
            wall_seconds=90,
            output_bytes=TEXT_BYTES,
        )
    pages: list[tuple[int, str]] = [tuple(json.loads(line)) for line in answer.splitlines()]
    return [(number, storable(text)) for number, text in pages]


def _try_to_make_pdf(file: StoredFile, *, is_needed: bool) -> None:
    """For pages to look at; only where the text depends on it does a failure matter."""
    try:
        make_pdf(file)
        file.page_count = 1
    except LimitedError:
        if is_needed:
            raise


def _count_pages(file: StoredFile) -> int:
    with open_pdf_of(file) as content:
        limits: dict[str, Any] = {"memory_bytes": 1024 * 2**20, "cpu_seconds": 10, "wall_seconds": 20, "output_bytes": 100}
        return int(run_limited("portal.attachments.reading.pdf:count", content, **limits))
