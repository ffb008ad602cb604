"""A Word document (DOCX) as HTML with its pictures, in the limited process. Word's own numbers become text first; mammoth writes what is left.

What mammoth is given is made anew here, part by part: XML without entities, a few styles, bullets as the only lists. Whatever is not passed on is counted, so
that whoever imports learns what was lost.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import IO
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring
from zipfile import BadZipFile, ZipFile

import mammoth
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from portal.attachments.reading.numbering import WORD_SPACES, Numbering
from portal.attachments.reading.parts import MOST_UNPACKED, Bounded, attribute
from portal.attachments.reading.word_body import Body, Unreadable
from portal.attachments.reading.word_parts import CONTENT_TYPES, LISTS, RELATIONS, STYLES, read_styles

MOST_PARTS = 20_000
MOST_PARAGRAPHS = 30_000
DEEPEST = 150
MOST_PICTURES = 500
MOST_PICTURE_BYTES = 96 * 2**20
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp", "tif": "image/tiff", "tiff": "image/tiff"}
MAIN = "word/document.xml"
NOTES = ("word/footnotes.xml", "word/endnotes.xml")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def convert(file: IO[bytes]) -> Iterator[bytes]:
    """A line of JSON (title, html, the lengths of the pictures, what was lost, how often), then the pictures one after the other.

    Raises `Unreadable`, whose words are a code, for what is not read at all.
    """
    sys.setrecursionlimit(20_000)
    try:
        with ZipFile(file) as archive:
            yield from _converted(archive)
    except (BadZipFile, ParseError, KeyError, EOFError, NotImplementedError, UnicodeError) as error:
        raise Unreadable("broken") from error
    except DefusedXmlException as error:
        raise Unreadable("entities") from error
    except RuntimeError as error:
        raise Unreadable("password" if "encrypted" in str(error) else "broken") from error


def _converted(archive: ZipFile) -> Iterator[bytes]:
    names = archive.namelist()
    _refuse(archive, names)
    budget = [MOST_UNPACKED]
    styles = read_styles(_tree(archive, "word/styles.xml", budget) if "word/styles.xml" in names else None)
    numbering = Numbering.of(archive, names, budget)
    pictures, links = _relations(archive, names, budget)
    body = Body(styles, numbering, known=set(pictures))
    document = _tree(archive, MAIN, budget)
    body.rewrite(document)
    prepared = BytesIO()
    with ZipFile(prepared, "w") as made:
        made.writestr("[Content_Types].xml", CONTENT_TYPES)
        made.writestr("_rels/.rels", RELATIONS)
        made.writestr("word/styles.xml", STYLES)
        made.writestr("word/numbering.xml", LISTS)
        made.writestr(MAIN, tostring(document))
        relations = [("styles", "styles", "styles.xml", ""), ("numbering", "numbering", "numbering.xml", "")]
        for name in NOTES:
            if name in names:
                notes = _tree(archive, name, budget)
                body.rewrite_notes(notes)
                made.writestr(name, tostring(notes))
                kind = name[5:-4]
                relations.append((kind, kind, f"{kind}.xml", ""))
        left = _copy_pictures(archive, made, pictures, body.lost)
        relations += [(key, "image", f"/{pictures[key]}", "") for key in left]
        relations += [(key, "hyperlink", target, "External") for key, target in links.items()]
        made.writestr("word/_rels/document.xml.rels", _written(relations))
    _count_what_is_aside(archive, names, budget, body.lost)
    yield from _answer(prepared, body)


def _answer(prepared: BytesIO, body: Body) -> Iterator[bytes]:
    found: list[bytes] = []

    def keep(image: mammoth.documents.Image) -> dict[str, str]:
        with image.open() as content:
            found.append(content.read())
        return {"src": f"picture:{len(found)}", "alt": image.alt_text or ""}

    result = mammoth.convert_to_html(prepared, convert_image=mammoth.images.img_element(keep))
    for message in result.messages:
        if "unrecognised element" in message.message:
            body.lost["unknown"] += 1
        elif "w:sym" in message.message:
            body.lost["symbols"] += 1
    lost = {code: count for code, count in body.lost.items() if count}
    head = {"title": body.title, "html": result.value, "pictures": [len(picture) for picture in found], "lost": lost}
    yield json.dumps(head).encode() + b"\n"
    yield from found


def _refuse(archive: ZipFile, names: list[str]) -> None:
    if len(names) > MOST_PARTS or sum(part.file_size for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))) > MOST_UNPACKED:
        raise Unreadable("bomb")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Unreadable("macros")
    if any(part.flag_bits & 1 for part in archive.infolist()):
        raise Unreadable("password")
    if MAIN not in names:
        raise Unreadable("other")


def _tree(archive: ZipFile, name: str, budget: list[int]) -> Element:
    """A part as a tree, within bounds."""
    root: Element | None = None
    depth = paragraphs = 0
    with archive.open(name) as part:
        try:
            for event, element in iterparse(Bounded(part, budget), events=("start", "end"), forbid_dtd=True):
                root = element if root is None else root
                depth += 1 if event == "start" else -1
                if event == "start":
                    paragraphs += element.tag.endswith("}p")
                    if depth > DEEPEST:
                        raise Unreadable("tangled")
                    if paragraphs > MOST_PARAGRAPHS:
                        raise Unreadable("long")
        except ValueError as error:
            if "unpacks" in str(error):
                raise Unreadable("bomb") from error
            raise
    assert root is not None, "what has no element is no XML"
    return root


def _relations(archive: ZipFile, names: list[str], budget: list[int]) -> tuple[dict[str, str], dict[str, str]]:
    """The parts of the pictures by the keys by which the text names them, and where its links lead."""
    pictures: dict[str, str] = {}
    links: dict[str, str] = {}
    name = "word/_rels/document.xml.rels"
    for relation in _tree(archive, name, budget) if name in names else ():
        key, kind, target = (attribute(relation, one) for one in ("Id", "Type", "Target"))
        if kind.endswith("/hyperlink"):
            links[key] = target
        elif kind.endswith("/image") and attribute(relation, "TargetMode") != "External":
            path = target.lstrip("/") if target.startswith("/") else f"word/{target}"
            if path in names:
                pictures[key] = path
    return pictures, links


def _copy_pictures(archive: ZipFile, made: ZipFile, pictures: dict[str, str], lost: Counter[str]) -> list[str]:
    """The keys of those that a browser can show, as far as they go."""
    left: list[str] = []
    copied: set[str] = set()
    size = 0
    for key, path in pictures.items():
        if path not in copied:
            if path.rpartition(".")[2].lower() not in PICTURES:
                continue
            size += archive.getinfo(path).file_size
            if size > MOST_PICTURE_BYTES or len(copied) >= MOST_PICTURES:
                lost["pictures_beyond"] += 1
                continue
            with archive.open(path) as content:
                made.writestr(path, content.read(MOST_PICTURE_BYTES))
            copied.add(path)
        left.append(key)
    return left


def _count_what_is_aside(archive: ZipFile, names: list[str], budget: list[int], lost: Counter[str]) -> None:
    """Headers and footers that say something, and what reviewers remarked."""
    for name in names:
        code = "headers" if name.startswith(("word/header", "word/footer")) else "comments" if name == "word/comments.xml" else ""
        if code and name.endswith(".xml"):
            space = tuple(f"{{{one}}}t" for one in WORD_SPACES)
            said = sum(1 for element in _tree(archive, name, budget).iter() if element.tag in space and (element.text or "").strip())
            lost[code] += bool(said)


def _written(relations: list[tuple[str, str, str, str]]) -> bytes:
    root = Element("{http://schemas.openxmlformats.org/package/2006/relationships}Relationships")
    for key, kind, target, mode in relations:
        one = SubElement(root, f"{root.tag[:-1]}", {"Id": key, "Type": f"{OFFICE}/{kind}", "Target": target})
        if mode:
            one.set("TargetMode", mode)
    return tostring(root)
