"""GIF without what is not the picture."""

IMAGE, EXTENSION, END = 0x2C, 0x21, 0x3B
CONTROL, APPLICATION = 0xF9, 0xFF
KEPT_APPLICATIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")  # how often it is played, and its colours


def clean_gif(content: bytes) -> bytes:
    """The frames and how they are played: no comments, nothing of XMP, nothing behind the end. Refuses what has no frame; one that is cut off ends there."""
    place = 13 + _table(content[10])
    output = bytearray(content[:place])
    frames = 0
    while place < len(content) and content[place] in (IMAGE, EXTENSION):
        start, kind = place, content[place]
        head = 10 + _table(content[place + 9]) + 1 if kind == IMAGE else 2
        place = _after_blocks(content, place + head)
        if kind == IMAGE:
            frames += 1
        if kind == IMAGE or content[start + 1] == CONTROL or (content[start + 1] == APPLICATION and content[start + 3 : start + 14] in KEPT_APPLICATIONS):
            output += content[start:place]
    if not frames:
        raise ValueError("no frame")
    return bytes(output) + bytes([END])


def _table(flags: int) -> int:
    """How long the table of colours is."""
    return 3 * 2 ** ((flags & 0b111) + 1) if flags & 0b1000_0000 else 0


def _after_blocks(content: bytes, place: int) -> int:
    while place < len(content) and content[place]:
        place += content[place] + 1
    return min(place + 1, len(content))
