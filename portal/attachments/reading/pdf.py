"""PDF by PDFium: text and pictures of pages."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any

import pypdfium2
from PIL import Image

from portal.attachments.reading.parts import Protected

WIDEST_POINTS = 20_000
MOST_PIXELS = 12_000_000
MOST_ENTRIES = 1_000
MOST_PAGES = 5_000


def texts(file: IO[bytes]) -> Iterator[str]:
    with _opened(file) as document:
        for index in range(len(document)):
            page = document[index]
            words = page.get_textpage()
            yield words.get_text_bounded()
            words.close()
            page.close()


def document(file: IO[bytes]) -> Iterator[bytes]:
    """A line of JSON with the outline (level from 1, title, page), then one for the text of each page."""
    with _opened(file) as opened:
        outline: list[list[int | str]] = []
        for entry in opened.get_toc(max_depth=4):
            target = entry.get_dest()
            page = target.get_index() if target is not None else None
            if len(outline) < MOST_ENTRIES:
                outline.append([entry.level + 1, entry.get_title()[:200], (page or 0) + 1])
        yield json.dumps(outline).encode() + b"\n"
    for number, text in enumerate(texts(file)):
        if number >= MOST_PAGES:
            return
        yield json.dumps(text).encode() + b"\n"


def count(file: IO[bytes]) -> bytes:
    """How many pages there are, in ASCII digits."""
    with _opened(file) as document:
        return str(len(document)).encode()


def picture(file: IO[bytes], number: str, width: str) -> bytes:
    """A page, counted from 1, as a WebP of this width."""
    with _opened(file) as document:
        page = document[int(number) - 1]
        points_wide, points_high = page.get_size()
        if not (0 < points_wide < WIDEST_POINTS and 0 < points_high < WIDEST_POINTS):
            raise ValueError("a page without a sensible size")
        scale = min(int(width) / points_wide, (MOST_PIXELS / (points_wide * points_high)) ** 0.5)
        drawn: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
        output = BytesIO()
        drawn.save(output, "WEBP", quality=82)
        return output.getvalue()


def _opened(file: IO[bytes]) -> Any:
    file.seek(0)
    try:
        return pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise Protected("a password is needed") from error
        raise
