"""Documents as texts with headings, tables and pictures, for whatever brings them into the portal. What cannot be read is refused with a sentence."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from filetype import guess_extension

from portal.attachments.errors import AttachmentError
from portal.attachments.kinds import OFFICE_CONTAINER
from portal.attachments.reading.parts import PART_LOST
from portal.attachments.services import receive_file
from portal.foundation.limited import LimitedError, Reason, run_limited
from portal.foundation.storable import storable

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OLD_WORD = "application/msword"
WORD_BYTES = 160 * 2**20
PAGES_BYTES = 64 * 2**20
REFUSALS = {
    "macros": gettext_lazy("“%(name)s” has macros, which are programs. Save it in Word as a document without macros (.docx), and send that."),
    "password": gettext_lazy("“%(name)s” is protected by a password. Open it, take the protection off, and send it again."),
    "bomb": gettext_lazy("“%(name)s” unpacks to far more than a document has. It is not read."),
    "long": gettext_lazy("“%(name)s” has more than 30,000 paragraphs. Send it in parts, by chapters for instance."),
    "nested": gettext_lazy("“%(name)s” has tables in tables in tables, more than five deep. Take them apart in Word, and send it again."),
    "tangled": gettext_lazy("“%(name)s” is nested deeper than a document is. Copy its text into a new document, and send that."),
    "entities": gettext_lazy("“%(name)s” has parts that no document of Word has (entities). It is not read."),
    "broken": gettext_lazy("“%(name)s” cannot be read as a Word document. It may be damaged: open it, save it anew and send that."),
    "old": gettext_lazy("“%(name)s” is a document of an old Word (.doc) under another name. Save it in Word as .docx, and send that."),
    "other": gettext_lazy("“%(name)s” is no Word document (.docx). Save it in Word as .docx, and send that."),
    "memory": gettext_lazy("“%(name)s” is too large to be read: it needs too much memory or time. Send it in parts."),
}


class DocumentRefusedError(AttachmentError):
    """A document that is not read; `code` is one of REFUSALS."""

    def __init__(self, code: str, name: str) -> None:
        self.code = code
        super().__init__(str(REFUSALS[code]) % {"name": name})


@dataclass(slots=True)
class ReadDocument:
    """`html` names its pictures `picture:1` and so on. `lost` says by code what did not come along, and how often it was there."""

    title: str = ""
    html: str = ""
    pictures: list[bytes] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class ReadPages:
    """The pages of a PDF, and its outline: level, title, page."""

    pages: list[str] = field(default_factory=list)
    outline: list[tuple[int, str, int]] = field(default_factory=list)


def refuse_unless_word(name: str, media_type: str) -> None:
    """A sentence for whatever is sent as a Word document and is none."""
    if media_type != WORD:
        raise DocumentRefusedError({OLD_WORD: "old", OFFICE_CONTAINER: "password"}.get(media_type, "other"), name)


def read_word(name: str, content: IO[bytes]) -> ReadDocument:
    """A DOCX, with the numbers that Word sets by itself as text."""
    document, _rest = _document(name, _limited("portal.attachments.reading.word:convert", name, content, output_bytes=WORD_BYTES))
    assert isinstance(document, ReadDocument), "a refusal was raised"
    return document


def read_words(documents: Sequence[tuple[str, bytes]]) -> list[ReadDocument | DocumentRefusedError]:
    """Several by name and content, each read or refused; one that no process survives is read by itself, so that it harms no other."""
    together = b"".join(content for _name, content in documents)
    arguments = [str(len(content)) for _name, content in documents]
    found: list[ReadDocument | DocumentRefusedError] = []
    try:
        work = "portal.attachments.reading.many:convert_many"
        answer = _limited(work, documents[0][0], together, output_bytes=WORD_BYTES, arguments=arguments)
    except DocumentRefusedError as refusal:
        return [refusal] if len(documents) == 1 else [one for document in documents for one in read_words([document])]
    for name, _content in documents:
        document, answer = _document(name, answer)
        found.append(document)
    return found


def _document(name: str, answer: bytes) -> tuple[ReadDocument | DocumentRefusedError, bytes]:
    """The first of what the limited process said, and the rest."""
    line, _newline, rest = answer.partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    if "error" in head:
        return DocumentRefusedError(head["error"], name), rest
    pictures = []
    for length in head["pictures"]:
        pictures.append(rest[:length])
        rest = rest[length:]
    return ReadDocument(storable(head["title"]), storable(head["html"]), pictures, head["lost"]), rest


def read_pdf(name: str, content: IO[bytes]) -> ReadPages:
    """Text by pages; none where the pages are pictures. Refuses what is protected or damaged."""
    try:
        answer = _limited("portal.attachments.reading.pdf:document", name, content, output_bytes=PAGES_BYTES)
    except DocumentRefusedError as refusal:
        if refusal.code == "broken":
            raise AttachmentError(
                _("“%(name)s” cannot be read as a PDF. It may be damaged: open it, save it anew and send that.") % {"name": name}
            ) from refusal
        raise
    outline, *pages = [json.loads(line) for line in answer.splitlines()]
    return ReadPages([storable(page) for page in pages], [(level, storable(title), page) for level, title, page in outline])


def read_text(content: IO[bytes], media_type: str) -> str:
    """The whole text of a document of another kind; its lines are its paragraphs."""
    try:
        answer = run_limited(
            "portal.attachments.reading.texts:extract",
            content,
            arguments=[media_type],
            memory_bytes=1024 * 2**20,
            cpu_seconds=30,
            wall_seconds=60,
            output_bytes=PAGES_BYTES,
        )
    except LimitedError:
        return ""
    pages = [json.loads(line) for line in answer.splitlines()]
    return "".join(storable(text) for number, text in pages if number != PART_LOST)


def _limited(work: str, name: str, content: bytes | IO[bytes], *, output_bytes: int, arguments: Sequence[str] = ()) -> bytes:
    limits: dict[str, Any] = {"memory_bytes": 1536 * 2**20, "cpu_seconds": 40, "wall_seconds": 60}
    try:
        return run_limited(work, content, arguments=arguments, output_bytes=output_bytes, **limits)
    except LimitedError as failure:
        kind, _colon, detail = failure.detail.partition(": ")
        if failure.reason == Reason.REFUSED:
            raise DocumentRefusedError(detail if kind == "Unreadable" and detail in REFUSALS else "broken", name) from failure
        code = "memory" if failure.reason in (Reason.MEMORY, Reason.TIME, Reason.OUTPUT) else "broken"
        raise DocumentRefusedError(code, name) from failure


def keep_pictures(document: ReadDocument, *, actor: Any, name: str) -> str:
    """Its text with each picture taken in as the actor's own; what is refused is left out of the text and counted."""
    html, stem = document.html, name.rpartition(".")[0] or name
    for place, content in enumerate(document.pictures, start=1):
        address = f'src="picture:{place}"'
        try:
            picture = receive_file(actor=actor, name=f"{stem[:200]}-{place}{_extension(content)}", content=BytesIO(content))
        except AttachmentError:
            document.lost["pictures"] = document.lost.get("pictures", 0) + 1
            continue
        html = html.replace(address, f'src="/files/{picture.pk}/picture/"')
    return html


def _extension(content: bytes) -> str:
    found = guess_extension(content)
    return f".{found}" if found else ""
