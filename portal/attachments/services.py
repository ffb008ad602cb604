"""Taking files in, and hanging them on things."""

import errno
import json
import shutil
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from portal.attachments.errors import DiskFullError, EmptyFileError, InfectedError, KindRefusedError, NotYoursError, QuotaError, TooLargeError
from portal.attachments.kinds import Found, Kind, check_claim, check_policy, recognise
from portal.attachments.models import FILES, Attachment, StoredFile, Upload
from portal.attachments.names import clean_file_name, extension_of, with_extension
from portal.attachments.queries import attachments_on
from portal.attachments.ringing import ring_for_reading
from portal.attachments.scanning import Verdict, scan
from portal.attachments.storage import digest_of, hold_files, incoming_folder, put_content, set_aside
from portal.audit.services import record
from portal.foundation.limited import LimitedError, Reason, run_limited
from portal.outbox.troubles import forget_trouble

MEGABYTE = 10**6
SCANNED_AT_ONCE = 25 * MEGABYTE  # what the default of clamd takes; larger ones are checked afterwards
LARGEST_PICTURE = 64 * MEGABYTE
CLEANED = {"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif", "image/gif", "image/tiff"}
PICTURE_EXTENSIONS = {"image/jpeg": {"jpg", "jpeg", "jfif"}, "image/tiff": {"tif", "tiff"}}
Standing = Attachment.Standing


def receive_file(*, actor: Any, name: str, content: Any, address: UUID | None = None) -> Attachment:
    """Take a file in as the actor's own loose attachment. Refuses with a sentence; a full disk leaves nothing behind.

    `content` is open for reading in pieces; a film of 2 GB needs no more memory than a letter. Pictures are kept upright and without
    position or other data about them. What was sent is not needed any more afterwards: it may have been moved.
    """
    name = clean_file_name(name)
    try:
        with ExitStack() as stack:
            return _take_in(actor, name, stack.enter_context(set_aside(content)), stack, address or uuid4())
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(disk_full_sentence()) from error
        raise


def _take_in(actor: Any, name: str, path: Path, stack: ExitStack, address: UUID) -> Attachment:
    size = path.stat().st_size
    check_size(name, size)
    check_quota(actor, size)
    found = recognise(path, name)
    check_policy(name, found, refused=settings.ENVIRONMENT.files_refused, allowed=settings.ENVIRONMENT.files_allowed)
    check_claim(name, found)
    sides: tuple[int, int] | None = None
    if found.kind == Kind.PICTURE:
        path, found, sides = _clean_picture(name, path, found, stack)
        if extension_of(name) not in PICTURE_EXTENSIONS.get(found.media_type, {found.extension}):
            name = with_extension(name, found.extension)
    scanned, finding = _scan_now(name, path)
    return _register(actor, name, path, found, sides, scanned, finding, address)


@transaction.atomic
def _register(actor: Any, name: str, path: Path, found: Found, sides: tuple[int, int] | None, scanned: str, finding: str, address: UUID) -> Attachment:
    digest, size = digest_of(path), path.stat().st_size
    hold_files()
    storage_name = put_content(path, digest)
    stored, is_new = _stored(
        digest,
        size=size,
        storage_name=storage_name,
        kind=found.kind,
        media_type=found.media_type,
        width=sides[0] if sides else None,
        height=sides[1] if sides else None,
        scan=scanned,
        finding=finding,
        text_state=StoredFile.Text.NONE if found.kind in (Kind.ARCHIVE, Kind.AUDIO, Kind.VIDEO, Kind.OTHER) else StoredFile.Text.WAITING,
    )
    if stored.scan == StoredFile.Scan.INFECTED:
        raise InfectedError(infected_sentence(name, stored.finding))
    if stored.scan == StoredFile.Scan.WAITING and scanned == StoredFile.Scan.CLEAN:
        stored.scan = StoredFile.Scan.CLEAN
        stored.save(update_fields=["scan"])
    attachment = Attachment.objects.create(pk=address, file=stored, name=name, uploaded_by=actor)
    record(actor, "file.received", attachment, after={"size": size, "sha256": digest})
    if is_new:
        ring_for_reading()
    return attachment


def _stored(digest: str, **values: Any) -> tuple[StoredFile, bool]:
    """The row of the content, and whether it waits for its reader. What is known already waits as what is new does; `extraction.py` makes one of both."""
    stored, is_new = StoredFile.objects.get_or_create(sha256=digest, is_repeated=False, defaults=values)
    waits = values["text_state"] == StoredFile.Text.WAITING or values["scan"] == StoredFile.Scan.WAITING
    if is_new or not waits or stored.scan == StoredFile.Scan.INFECTED:
        return stored, is_new
    return StoredFile.objects.create(sha256=digest, is_repeated=True, **values), True


@transaction.atomic
def copy_file(*, actor: Any, attachment: Attachment) -> Attachment:
    """The same content as the actor's own loose attachment. Whether the actor may see it is the caller's question."""
    hold_files()
    copy = Attachment.objects.create(file=attachment.file, name=attachment.name, uploaded_by=actor)
    record(actor, "file.copied", copy, after={"of": str(attachment.pk), "sha256": attachment.file.sha256})
    return copy


@transaction.atomic
def hang_files(*, actor: Any, about: models.Model, shown: Sequence[UUID], held: Sequence[UUID] = (), pictures: Sequence[UUID] = ()) -> None:
    """Make exactly these hang on the thing, in this order; `pictures` are shown inside its text.

    Refuses one that is neither on this thing already nor the actor's own loose one. What is in no list any more stays held if it was
    ever shown, so that the earlier text is never lost; else it goes. Whether the actor may change the thing is the caller's question.
    """
    hold_files()
    wanted: dict[UUID, tuple[str, bool]] = {}
    lists: tuple[tuple[Sequence[UUID], str, bool], ...] = ((shown, Standing.SHOWN, False), (pictures, Standing.SHOWN, True), (held, Standing.HELD, False))
    for ids, standing, is_in_text in lists:
        for pk in ids:
            wanted.setdefault(pk, (standing, is_in_text))
    about_type = ContentType.objects.get_for_model(about)
    rows = {row.pk: row for row in Attachment.objects.select_for_update().filter(pk__in=wanted)}
    present = {row.pk: row for row in attachments_on(about).select_related(None).select_for_update()}
    for pk in wanted:
        row = rows.get(pk)
        if pk not in present and (row is None or row.standing != Standing.LOOSE or row.uploaded_by_id != actor.pk):
            raise NotYoursError(_("One of the files is not there any more, or is not yours. Take it out, and add it again."))
    before = [str(row) for row in present.values() if row.standing == Standing.SHOWN]
    changed = []
    for order, (pk, (standing, is_in_text)) in enumerate(wanted.items()):
        row = present.get(pk) or rows[pk]
        values = (about_type.pk, about.pk, str(standing), order, is_in_text)
        if (row.about_type_id, row.about_id, row.standing, row.order, row.is_in_text) != values:
            row.about_type_id, row.about_id, row.standing, row.order, row.is_in_text = values
            row.was_shown = row.was_shown or standing == Standing.SHOWN
            changed.append(row)
    for pk, row in present.items():
        if pk not in wanted and row.was_shown:
            if row.standing != Standing.HELD:
                row.standing = Standing.HELD
                changed.append(row)
        elif pk not in wanted:
            row.delete()
    Attachment.objects.bulk_update(changed, ["about_type", "about_id", "standing", "order", "is_in_text", "was_shown"])
    after = [row.name for row in attachments_on(about) if row.standing == Standing.SHOWN]
    if before != after:
        record(actor, "files.hung", about, before={"files": before}, after={"files": after})


@transaction.atomic
def hand_files_on(*, actor: Any, about: models.Model, to: models.Model) -> None:
    """What hangs on a thing hangs on another from now on, which has come in its place."""
    hold_files()
    names = [row.name for row in attachments_on(about)]
    if names:
        attachments_on(about).select_related(None).update(about_type=ContentType.objects.get_for_model(to), about_id=to.pk)
        record(actor, "files.hung", to, before={"files": []}, after={"files": names})


@transaction.atomic
def release_files(*, actor: Any, about: models.Model) -> int:
    """Let go of everything that hangs on a thing that is about to be deleted; the content goes when nothing else has it. How many there were."""
    hold_files()
    names = [row.name for row in attachments_on(about)]
    attachments_on(about).select_related(None).delete()
    if names:
        record(actor, "files.released", about, before={"files": names})
    return len(names)


@transaction.atomic
def move_files(*, source: models.Model, target: models.Model) -> int:
    """Hang what is shown on one thing on another, under the same addresses, and let go of the rest: a draft becomes what was sent. How many moved.

    Whether that may be done is the caller's question.
    """
    hold_files()
    moved = attachments_on(source).select_related(None).filter(standing=Standing.SHOWN)
    count = moved.update(about_type=ContentType.objects.get_for_model(target), about_id=target.pk)
    attachments_on(source).select_related(None).delete()
    return count


@transaction.atomic
def drop_loose_file(*, actor: Any, attachment: Attachment) -> None:
    """Take back what one has uploaded and hung on nothing."""
    attachment = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if attachment.standing != Standing.LOOSE or attachment.uploaded_by_id != actor.pk:
        raise NotYoursError(_("This file hangs on something already; take it away there."))
    record(actor, "file.dropped", attachment)
    attachment.delete()


@transaction.atomic
def read_again(*, media_types: Collection[str] = ()) -> int:
    """Let what could not be read be read once more, and what was read of these types; how many files that are. The text of before is found until then."""
    was_read = Q(media_type__in=media_types, text_state__in=[StoredFile.Text.DONE, StoredFile.Text.NONE])
    again = StoredFile.objects.filter(Q(text_state=StoredFile.Text.FAILED) | was_read).exclude(scan=StoredFile.Scan.INFECTED)
    forget_trouble(FILES, again.values_list("pk", flat=True))
    count = again.update(text_state=StoredFile.Text.WAITING, text_reason="")
    ring_for_reading()
    return count


def check_size(name: str, size: int) -> None:
    """Refuse an empty file, one over the greatest size, and one for which the disk has no room."""
    greatest = settings.ENVIRONMENT.greatest_file_mb * MEGABYTE
    if size == 0:
        raise EmptyFileError(_("“%(name)s” is empty. Perhaps it is still being written, or was copied while it was open.") % {"name": name})
    if size > greatest:
        raise TooLargeError(too_large_sentence(name))
    check_disk()


def check_disk() -> None:
    """Refuse more where the disk has no room but for what the portal itself needs."""
    if shutil.disk_usage(incoming_folder()).free < settings.ENVIRONMENT.minimum_free_disk_mb * MEGABYTE:
        raise DiskFullError(disk_full_sentence())


def check_quota(actor: Any, size: int) -> None:
    """Refuse more than the plant allows a person to have lying about."""
    loose = Attachment.objects.filter(uploaded_by=actor, standing=Standing.LOOSE).aggregate(total=Sum("file__size"))["total"] or 0
    coming = Upload.objects.filter(uploader=actor).aggregate(total=Sum("received"))["total"] or 0
    most = settings.ENVIRONMENT.loose_files_mb
    if loose + coming + size > most * MEGABYTE:
        raise QuotaError(
            _("You have uploaded more than %(most)s MB that hangs on nothing yet. Save what you are writing, or wait until tomorrow: it is cleared away then.")
            % {"most": most}
        )


def too_large_sentence(name: str) -> str:
    return _("“%(name)s” is larger than %(greatest)s MB, the most that one file may have.") % {"name": name, "greatest": settings.ENVIRONMENT.greatest_file_mb}


def disk_full_sentence() -> str:
    return _("The disk of the server is full. The file was not saved; please tell the administrator and try again later.")


def infected_sentence(name: str, finding: str) -> str:
    return _("“%(name)s” is infected (%(finding)s) and was not taken. Have your machine checked.") % {"name": name, "finding": finding}


def loose_until(attachment: Attachment) -> Any:
    """When a loose one is cleared away."""
    return attachment.created_at + timedelta(hours=settings.ENVIRONMENT.loose_files_hours)


def _clean_picture(name: str, path: Path, found: Found, stack: ExitStack) -> tuple[Path, Found, tuple[int, int]]:
    """The picture turned upright and stripped, as a file of its own; and its sides."""
    words = {"name": name}
    if found.media_type in CLEANED and path.stat().st_size > LARGEST_PICTURE:
        raise TooLargeError(_("“%(name)s” is larger than a picture may be (64 MB). Put it into an archive, or make it smaller.") % words)
    try:
        with path.open("rb") as file:
            answer = run_limited(
                "portal.attachments.reading.pictures:clean",
                file,
                memory_bytes=1536 * 2**20,
                cpu_seconds=30,
                wall_seconds=60,
                output_bytes=2 * LARGEST_PICTURE,
            )
    except LimitedError as failure:
        if failure.reason in (Reason.MEMORY, Reason.TIME, Reason.OUTPUT) or "too many points" in failure.detail or "DecompressionBomb" in failure.detail:
            raise KindRefusedError(_("“%(name)s” has more than 80 million points. Put it into an archive, or make it smaller.") % words) from failure
        raise KindRefusedError(_("“%(name)s” cannot be read as a picture. It may be damaged: open it, save it anew and send that.") % words) from failure
    line, _newline, content = answer.partition(b"\n")
    picture_format, width, height = json.loads(line)
    if not content:
        return path, found, (width, height)
    with NamedTemporaryFile(dir=incoming_folder(), delete=False) as cleaned:
        clean_path = Path(cleaned.name)
        stack.callback(clean_path.unlink, missing_ok=True)
        cleaned.write(content)
    extension = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "TIFF": "tif"}[picture_format]
    return clean_path, Found(Kind.PICTURE, f"image/{picture_format.lower()}", extension), (width, height)


def _scan_now(name: str, path: Path) -> tuple[str, str]:
    """What the scanner says of a file of ordinary size; waiting where it is large or the scanner does not answer. Refuses what is infected."""
    address = settings.ENVIRONMENT.clamd
    if not address:
        return StoredFile.Scan.UNCHECKED, ""
    if path.stat().st_size > SCANNED_AT_ONCE:
        return StoredFile.Scan.WAITING, ""
    with path.open("rb") as file:
        finding = scan(file, address)
    if finding.verdict == Verdict.INFECTED:
        raise InfectedError(infected_sentence(name, finding.words))
    return (StoredFile.Scan.CLEAN, "") if finding.verdict == Verdict.CLEAN else (StoredFile.Scan.WAITING, finding.words)
