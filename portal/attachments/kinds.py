"""What a file is, by its content; the name only says what it claims to be."""

import json
from dataclasses import dataclass
from pathlib import Path

import filetype
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.attachments.errors import KindRefusedError
from portal.attachments.names import extension_of
from portal.foundation.limited import LimitedError, Reason, run_limited

HEAD = 8192
OCTETS = "application/octet-stream"
OFFICE_CONTAINER = "application/x-ole-storage"


class Kind(TextChoices):
    PICTURE = "picture", gettext_lazy("picture")
    PDF = "pdf", "PDF"
    DOCUMENT = "document", gettext_lazy("document")
    SHEET = "sheet", gettext_lazy("spreadsheet")
    SLIDES = "slides", gettext_lazy("slides")
    TEXT = "text", gettext_lazy("text")
    MARKUP = "markup", gettext_lazy("web page or XML")
    ARCHIVE = "archive", gettext_lazy("archive")
    AUDIO = "audio", gettext_lazy("sound")
    VIDEO = "video", gettext_lazy("film")
    PROGRAM = "program", gettext_lazy("program")
    OTHER = "other", gettext_lazy("file of another kind")


@dataclass(frozen=True, slots=True)
class Found:
    """What the content is; `extension` is the usual one, where that is sure."""

    kind: Kind
    media_type: str
    extension: str = ""


PROGRAM = Found(Kind.PROGRAM, OCTETS)
PROGRAM_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"\x00asm",
)
# Scripts are text, so their names say that a double click runs them.
PROGRAM_EXTENSIONS = {
    *("apk", "app", "bat", "chm", "cmd", "com", "cpl", "deb", "dll", "dmg", "exe", "gadget", "hta", "inf", "jar", "js", "jse", "lnk", "msc", "msi", "msp"),
    *("mst", "ocx", "pif", "ps1", "psm1", "reg", "rpm", "scf", "scr", "sct", "sh", "sys", "url", "vb", "vbe", "vbs", "ws", "wsc", "wsf", "wsh"),
}
CLAIMS = {
    Kind.PICTURE: "jpg jpeg jfif png gif webp bmp tif tiff heic heif",
    Kind.PDF: "pdf",
    Kind.DOCUMENT: "doc docx docm dot dotx odt rtf wps ofd",
    Kind.SHEET: "xls xlsx xlsm xlt xltx ods et",
    Kind.SLIDES: "ppt pptx pptm pps ppsx odp dps",
    Kind.TEXT: "txt csv tsv md log json yaml yml ini",
    Kind.MARKUP: "html htm xhtml mht mhtml xml svg",
    Kind.ARCHIVE: "zip rar 7z gz tgz bz2 xz tar",
    Kind.AUDIO: "mp3 wav ogg oga flac m4a aac amr wma",
    Kind.VIDEO: "mp4 m4v mov avi wmv mkv webm flv mpg mpeg ogv 3gp",
}
CLAIM_OF = {extension: kind for kind, extensions in CLAIMS.items() for extension in extensions.split()}
# Many systems write a table as HTML or text and name it .xls; that harms nobody, since markup is only ever downloaded.
HONEST = {
    Kind.DOCUMENT: {Kind.DOCUMENT, Kind.TEXT, Kind.MARKUP},
    Kind.SHEET: {Kind.SHEET, Kind.TEXT, Kind.MARKUP},
    Kind.TEXT: {Kind.TEXT, Kind.MARKUP, Kind.OTHER},
    Kind.MARKUP: {Kind.MARKUP, Kind.TEXT},
    Kind.ARCHIVE: {Kind.ARCHIVE, Kind.DOCUMENT, Kind.SHEET, Kind.SLIDES},
    Kind.AUDIO: {Kind.AUDIO, Kind.VIDEO, Kind.OTHER},
    Kind.VIDEO: {Kind.AUDIO, Kind.VIDEO, Kind.OTHER},
}
MAIN_KINDS = {"image": Kind.PICTURE, "audio": Kind.AUDIO, "video": Kind.VIDEO}
ARCHIVES = {"zip", "x-tar", "x-rar-compressed", "gzip", "x-bzip2", "x-7z-compressed", "x-xz", "zstd", "x-lzip", "x-lz4", "x-compress"}
RENDERED_PICTURES = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff", "image/heic", "image/heif"}


def recognise(path: Path, name: str) -> Found:
    """What the file is. Containers are looked into in the limited process, since their tables of contents may be anything."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    extension = extension_of(name)
    if head.startswith(PROGRAM_STARTS) or extension in PROGRAM_EXTENSIONS:
        return PROGRAM
    if b"%PDF-" in head[:1024]:
        return Found(Kind.PDF, "application/pdf", "pdf")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return _container(path, extension, is_zip=head.startswith(b"PK"))
    if head.startswith(b"{\\rtf"):
        return Found(Kind.DOCUMENT, "application/rtf", "rtf")
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return Found(Kind.PICTURE, "image/tiff", "tif")
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        is_webm = b"webm" in head[:64]
        return Found(Kind.VIDEO, "video/webm" if is_webm else "video/x-matroska", "webm" if is_webm else "mkv")
    if looks_like_text(head):
        return _markup_or_text(head)
    return _by_signature(head)


def check_claim(name: str, found: Found) -> None:
    """Refuse a file that is not what its name says, unless the difference harms nobody."""
    claimed = CLAIM_OF.get(extension_of(name))
    is_honest = claimed is None or found.kind == claimed or found.kind in HONEST.get(claimed, set())
    is_office = found.media_type == OFFICE_CONTAINER and claimed in (Kind.DOCUMENT, Kind.SHEET, Kind.SLIDES)
    if is_honest or is_office:
        return
    assert claimed is not None
    words = {"name": name, "claimed": claimed.label, "found": found.kind.label}
    if found.kind == Kind.OTHER:
        raise KindRefusedError(_("“%(name)s” cannot be read as a %(claimed)s. It may be damaged: open it, save it anew and send that.") % words)
    raise KindRefusedError(_("“%(name)s” is a %(found)s, not a %(claimed)s. Give it its true name, or send the right file.") % words)


def check_policy(name: str, found: Found, *, refused: str, allowed: str) -> None:
    """Refuse what the plant does not take; both lists have kinds and extensions, separated by commas."""
    is_named = {str(found.kind), extension_of(name), found.extension} - {""}
    is_refused = bool(is_named & _words(refused)) or (bool(_words(allowed)) and not is_named & _words(allowed))
    if is_refused and found.kind == Kind.PROGRAM:
        raise KindRefusedError(_("“%(name)s” is a program. Programs are not taken; if it must be passed on, ask the administrator.") % {"name": name})
    if is_refused:
        raise KindRefusedError(_("“%(name)s” is a %(found)s. Files of this kind are not taken here.") % {"name": name, "found": found.kind.label})


def looks_like_text(head: bytes) -> bool:
    """No control characters but those that texts have; UTF-16 says so in its first two bytes."""
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or not set(head) & (set(range(32)) - {9, 10, 12, 13, 27})


def _markup_or_text(head: bytes) -> Found:
    start = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()[:1024]
    if start.startswith(b"<"):
        if b"<svg" in start:
            return Found(Kind.MARKUP, "image/svg+xml")
        if start.startswith(b"<?xml") and b"<html" not in start:
            return Found(Kind.MARKUP, "application/xml")
        return Found(Kind.MARKUP, "text/html")
    return Found(Kind.MARKUP, "text/html") if start.startswith(b"mime-version:") else Found(Kind.TEXT, "text/plain")


def _container(path: Path, extension: str, *, is_zip: bool) -> Found:
    """An Office file, or an archive; a broken container is of no known kind, unless it only says that it is an archive."""
    try:
        with path.open("rb") as file:
            answer = run_limited(
                "portal.attachments.reading.containers:recognise",
                file,
                arguments=["zip" if is_zip else "ole"],
                memory_bytes=512 * 2**20,
                cpu_seconds=5,
                wall_seconds=10,
                output_bytes=4096,
            )
        kind, media_type, usual = json.loads(answer)
    except (LimitedError, ValueError) as failure:
        is_broken = isinstance(failure, LimitedError) and failure.reason == Reason.REFUSED and CLAIM_OF.get(extension, Kind.ARCHIVE) != Kind.ARCHIVE
        return Found(Kind.ARCHIVE, "application/zip", "zip") if is_zip and not is_broken else Found(Kind.OTHER, OCTETS)
    return Found(Kind(kind), media_type, usual)


def _by_signature(head: bytes) -> Found:
    known = filetype.guess(head)
    if known is None:
        return Found(Kind.OTHER, OCTETS)
    main, _slash, rest = known.mime.partition("/")
    if main == "image" and known.mime not in RENDERED_PICTURES:
        return Found(Kind.OTHER, OCTETS, known.extension)
    if main == "application" and rest in ARCHIVES:
        return Found(Kind.ARCHIVE, known.mime, known.extension)
    if main in MAIN_KINDS:
        return Found(MAIN_KINDS[main], known.mime, known.extension)
    return PROGRAM if rest in {"x-msdownload", "x-executable"} else Found(Kind.OTHER, OCTETS, known.extension)


def _words(text: str) -> set[str]:
    return {word.strip().lower().lstrip(".") for word in text.split(",")} - {""}
