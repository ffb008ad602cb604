"""A file as the text of an article. What cannot be one is refused with a sentence; what does not come along is counted."""

import re
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from knowledge.errors import KnowledgeError
from knowledge.importing.named_pictures import with_pictures
from knowledge.importing.pdf_text import pdf_text
from knowledge.importing.plain_text import plain_text
from portal.attachments.documents import OLD_WORD, WORD, DocumentRefusedError, ReadDocument, keep_pictures, read_pdf, read_text, read_words, refuse_unless_word
from portal.attachments.errors import AttachmentError
from portal.attachments.kinds import OFFICE_CONTAINER, Found, Kind, check_claim, check_policy, recognise
from portal.attachments.names import clean_file_name, extension_of
from portal.attachments.reading.texts import decode
from portal.attachments.services import receive_file
from portal.foundation.rich_text import clean_html
from portal.foundation.storable import storable

LONGEST_TEXT = 4 * 2**20
READ = {"application/vnd.oasis.opendocument.text", "application/rtf", "application/ofd"}
TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
WORD_FILE = Found(Kind.DOCUMENT, WORD, "docx")
# Names that say nothing of what is in the file.
NAMELESS = {"index", "readme", "copyright", "changelog", "main", "document", "新建 microsoft word 文档", "新建文本文档", "无标题"}


@dataclass(slots=True)
class Source:
    """A file on its way: `path` says where it stood, `place` where it lies now. `pictures` are those that it names, by their paths."""

    path: str
    place: Path
    pictures: dict[str, bytes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return clean_file_name(self.path)

    @property
    def is_word(self) -> bool:
        with self.place.open("rb") as file:
            return extension_of(self.name) in ("docx", "docm") and file.read(2) == b"PK"


@dataclass(slots=True)
class Read:
    """What an article gets of a file. `keeps_file` where the file itself hangs on it."""

    title: str = ""
    html: str = ""
    keeps_file: bool = False
    is_picture: bool = False
    document: ReadDocument | None = None
    lost: dict[str, int] = field(default_factory=dict)


def read_together(sources: list[Source]) -> list[Read | Exception]:
    """Each as it was read, or why not."""
    words = [source for source in sources if source.is_word and _is_taken(source)]
    read = {id(source): one for source, one in zip(words, _words(words), strict=True)}
    return [read.get(id(source)) or _tried(source) for source in sources]


def _is_taken(source: Source) -> bool:
    """Whether the plant takes Word documents at all; where not, the sentence is that of any other file."""
    try:
        check_policy(source.name, WORD_FILE, refused=settings.ENVIRONMENT.files_refused, allowed=settings.ENVIRONMENT.files_allowed)
    except AttachmentError:
        return False
    return True


def _words(sources: list[Source]) -> list[Read | Exception]:
    if not sources:
        return []
    found: list[Read | Exception] = []
    for document in read_words([(source.name, source.place.read_bytes()) for source in sources]):
        if isinstance(document, DocumentRefusedError):
            found.append(document)
        else:
            found.append(Read(title=document.title, document=document, lost=document.lost))
    return found


def _tried(source: Source) -> Read | Exception:
    try:
        return _read(source, recognise(source.place, source.name))
    except Exception as error:  # it is this file's, and told as such
        return error


def _read(source: Source, found: Found) -> Read:
    name = source.name
    check_policy(name, found, refused=settings.ENVIRONMENT.files_refused, allowed=settings.ENVIRONMENT.files_allowed)
    check_claim(name, found)
    if extension_of(name) in ("docx", "docm"):
        refuse_unless_word(name, found.media_type)
    if found.kind == Kind.PICTURE:
        return Read(is_picture=True)
    if found.kind == Kind.PDF:
        with source.place.open("rb") as file:
            html, lost = pdf_text(read_pdf(name, file))
        return Read(html=html, keeps_file=True, lost=lost)
    if found.kind in (Kind.TEXT, Kind.MARKUP):
        return _text(source, found)
    if found.media_type in READ:
        with source.place.open("rb") as file:
            return Read(html=plain_text(read_text(file, found.media_type), is_wrapped=False), keeps_file=True, lost={"only_text": 1})
    if found.kind in (Kind.DOCUMENT, Kind.SHEET, Kind.SLIDES):
        if found.media_type == OFFICE_CONTAINER:
            raise DocumentRefusedError("password", name)
        return Read(keeps_file=True, lost={"old_file" if found.media_type == OLD_WORD else "only_file": 1})
    raise KnowledgeError(_("“%(name)s” is a %(found)s. Articles are made of documents, texts and pictures.") % {"name": name, "found": found.kind.label})


def _text(source: Source, found: Found) -> Read:
    if source.place.stat().st_size > LONGEST_TEXT:
        raise KnowledgeError(_("“%(name)s” is longer than an article can be (4 MB of text). Send it in parts.") % {"name": source.name})
    text = storable(decode(source.place.read_bytes()))
    if not text.strip():
        raise KnowledgeError(_("“%(name)s” has no text.") % {"name": source.name})
    if extension_of(source.name) in ("md", "markdown"):
        text = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
        return Read(html=text, lost=_pictures_of(text))
    if found.kind == Kind.TEXT:
        return Read(html=plain_text(text))
    if found.media_type != "text/html":
        raise KnowledgeError(_("“%(name)s” is a file of data (XML), no text for people.") % {"name": source.name})
    title = TITLE.search(text)
    return Read(title=" ".join(re.sub(r"<[^>]*>|&[a-z#0-9]+;", " ", title[1]).split())[:255] if title else "", html=text, lost=_pictures_of(text))


def _pictures_of(html: str) -> dict[str, int]:
    number = len(re.findall(r"<img\b", html, re.IGNORECASE))
    return {"pictures": number} if number else {}


def title_of(source: Source, read: Read) -> str:
    """What its name says, unless that says nothing and the document has a title."""
    stem = source.name.rpartition(".")[0] if extension_of(source.name) else source.name
    stem = " ".join(stem.replace("_", " ").split())
    if read.title and (stem.lower() in NAMELESS or read.document is not None):
        return read.title
    if stem.lower() in NAMELESS and "/" in source.path:
        return f"{source.path.split('/')[-2]} · {stem}"[:255]
    return stem[:255] or source.name


def written(source: Source, read: Read, *, actor: Any) -> tuple[str, list[UUID]]:
    """The clean text and the files of an article; both are taken in as the actor's own."""
    if read.is_picture:
        with source.place.open("rb") as content:
            picture = receive_file(actor=actor, name=source.name, content=content)
        return clean_html(f'<figure><img src="/files/{picture.pk}/picture/" alt="{escape(source.name)}"></figure>'), []
    html = keep_pictures(read.document, actor=actor, name=source.name) if read.document is not None else _with_pictures(source, read, actor)
    body = clean_html(html)
    files: list[UUID] = []
    if read.keeps_file:
        with source.place.open("rb") as content:
            files.append(receive_file(actor=actor, name=source.name, content=BytesIO(content.read())).pk)
    return body, files


def _with_pictures(source: Source, read: Read, actor: Any) -> str:
    """What the text names and is no picture, or not there, stays counted as lost."""
    addresses: dict[str, str] = {}

    def address_of(path: str) -> str:
        if path not in addresses and path in source.pictures:
            name = clean_file_name(path)
            try:
                addresses[path] = f"/files/{receive_file(actor=actor, name=name, content=BytesIO(source.pictures[path])).pk}/picture/"
            except AttachmentError:
                addresses[path] = ""
        return addresses.get(path, "")

    if not source.pictures:
        return read.html
    html, placed = with_pictures(read.html, source.path, address_of)
    left = read.lost.pop("pictures", 0) - placed
    if left > 0:
        read.lost["pictures"] = left
    return html
