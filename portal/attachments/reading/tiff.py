"""TIFF without what is not the picture: written anew from the tags that say how its pages are drawn, and their data."""

import struct
from dataclasses import dataclass

# Kept: sizes, colours, compression, resolution, pages, transparency and the colour profile (TIFF 6.0, with its supplements).
DRAWN = {
    *(254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 274, 277, 278, 280, 281, 282, 283, 284, 286, 287, 290, 291, 292, 293, 296, 297, 301),
    *(317, 318, 319, 320, 321, 322, 323, 332, 334, 336, 338, 339, 340, 341, 347, 529, 530, 531, 532, 34675),
}
PARTS = ((273, 279), (324, 325))  # where the data of strips and tiles is, and how much
COMPRESSION, PHOTOMETRIC = 259, 262
OLD_JPEG = 6  # its tables are scattered over the file
SENSOR = {32803, 34892}  # what a camera's sensor saw is no picture yet
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
SHORT, LONG = 3, 4
MOST_PAGES = 5_000


@dataclass(slots=True)
class Entry:
    type: int
    count: int
    value: bytes


def clean_tiff(content: bytes) -> bytes:
    """The pages and nothing else: no place, camera, author, time, preview or whatever else a program left in. Refuses what is not whole."""
    order = {b"II": "<", b"MM": ">"}[content[:2]]
    output = bytearray(content[:4] + bytes(4))
    place, link, seen = struct.unpack_from(f"{order}I", content, 4)[0], 4, set[int]()
    while place:
        if place in seen or len(seen) >= MOST_PAGES:
            raise ValueError("the pages go in a circle, or are too many")
        seen.add(place)
        entries, place = _read(content, order, place)
        parts = _parts(content, order, entries)
        if sum(map(len, parts)) + len(output) > len(content) + 4096 * len(seen):
            raise ValueError("the data of the pages overlap")
        link = _write(output, order, entries, parts, link)
    if not seen:
        raise ValueError("no page")
    return bytes(output)


def _read(content: bytes, order: str, place: int) -> tuple[dict[int, Entry], int]:
    """The tags of a page, and where the next one is."""
    (count,) = struct.unpack_from(f"{order}H", content, place)
    entries = {}
    for number in range(count):
        at = place + 2 + 12 * number
        tag, type_, length = struct.unpack_from(f"{order}HHI", content, at)
        size = SIZES.get(type_, 0) * length
        start = at + 8 if size <= 4 else struct.unpack_from(f"{order}I", content, at + 8)[0]
        value = content[start : start + size]
        if tag in DRAWN or any(tag in pair for pair in PARTS):
            if len(value) != size:
                raise ValueError("a tag is cut off")
            entries[tag] = Entry(type_, length, value)
    return entries, struct.unpack_from(f"{order}I", content, place + 2 + 12 * count)[0]


def _parts(content: bytes, order: str, entries: dict[int, Entry]) -> list[bytes]:
    """The data of a page's strips or tiles."""
    if _numbers(order, entries.get(COMPRESSION)) == (OLD_JPEG,) or SENSOR.intersection(_numbers(order, entries.get(PHOTOMETRIC))):
        raise ValueError("a picture of a kind that is not taken")
    parts = []
    for where, how_much in PARTS:
        if where not in entries:
            continue
        for start, length in zip(_numbers(order, entries[where]), _numbers(order, entries.get(how_much)), strict=True):
            if start + length > len(content):
                raise ValueError("the picture is cut off")
            parts.append(content[start : start + length])
    return parts


def _write(output: bytearray, order: str, entries: dict[int, Entry], parts: list[bytes], link: int) -> int:
    """Add a page, with the one before leading to it; return where it leads to the next."""
    places = []
    for part in parts:
        places.append(len(output))
        output += part + bytes(len(part) % 2)
    for where, _how_much in PARTS:
        if where in entries:
            entries[where] = Entry(LONG, len(places), struct.pack(f"{order}{len(places)}I", *places))
    written = {}
    for tag, entry in entries.items():
        written[tag] = entry.value.ljust(4, b"\0")
        if len(entry.value) > 4:
            written[tag] = struct.pack(f"{order}I", len(output))
            output += entry.value + bytes(len(entry.value) % 2)
    struct.pack_into(f"{order}I", output, link, len(output))
    output += struct.pack(f"{order}H", len(entries))
    for tag, entry in sorted(entries.items()):
        output += struct.pack(f"{order}HHI", tag, entry.type, entry.count) + written[tag]
    output += bytes(4)
    return len(output) - 4


def _numbers(order: str, entry: Entry | None) -> tuple[int, ...]:
    if entry is None:
        return ()
    if entry.type not in (SHORT, LONG):
        raise ValueError("a number of a kind that has no business here")
    return struct.unpack(f"{order}{entry.count}{'H' if entry.type == SHORT else 'I'}", entry.value)
