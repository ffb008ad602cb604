"""What is in a ZIP, and the content of its entries, in the limited process."""

import json
import struct
import zlib
from collections.abc import Iterator
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

MOST_ENTRIES = 10_000
LARGEST_ENTRY = 64 * 2**20
UTF8, ENCRYPTED = 0x800, 0x1
UNICODE_PATH = 0x7075  # the extra field in which some programs write the true name
LINK = 0o120000


def entries(file: IO[bytes]) -> Iterator[bytes]:
    """A line of JSON for each entry: its place, its name, its size, and what is wrong with it. One alone where there are too many."""
    with ZipFile(file) as archive:
        found = archive.infolist()
        if len(found) > MOST_ENTRIES:
            yield json.dumps([-1, "", len(found), "many"]).encode() + b"\n"
            return
        for place, entry in enumerate(found):
            yield json.dumps([place, _name(entry), entry.file_size, _wrong(entry)]).encode() + b"\n"


def contents(file: IO[bytes], *places: str) -> Iterator[bytes]:
    """For each of these entries a line of JSON, its length or what is wrong with it, and the content."""
    with ZipFile(file) as archive:
        found = archive.infolist()
        for place in places:
            try:
                with archive.open(found[int(place)]) as entry:
                    content = entry.read(LARGEST_ENTRY + 1)
            except (BadZipFile, NotImplementedError, EOFError, OSError, zlib.error):
                yield b'["broken", 0]\n'
                continue
            except RuntimeError:
                yield b'["password", 0]\n'
                continue
            if len(content) > LARGEST_ENTRY:
                yield b'["bomb", 0]\n'
                continue
            yield json.dumps(["", len(content)]).encode() + b"\n" + content


def _name(entry: ZipInfo) -> str:
    """The name as whoever packed it read it: UTF-8 where that is said or true, else GB 18030, else as the format has it."""
    if entry.flag_bits & UTF8:
        return entry.filename
    raw = entry.orig_filename.encode("cp437", "replace")
    if said := _said_beside(entry, raw):
        return said
    for charset in ("ascii", "utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _said_beside(entry: ZipInfo, raw: bytes) -> str:
    extra = entry.extra
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        value, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == UNICODE_PATH and len(value) > 5 and value[0] == 1 and struct.unpack("<I", value[1:5])[0] == zlib.crc32(raw):
            return value[5:].decode("utf-8", "replace")
    return ""


def _wrong(entry: ZipInfo) -> str:
    if entry.flag_bits & ENCRYPTED:
        return "password"
    if entry.external_attr >> 16 & 0o170000 == LINK:
        return "link"
    return "bomb" if entry.file_size > LARGEST_ENTRY else ""
