"""Pictures: upright, without place, camera or anything but the picture; and smaller ones to show."""

import json
import secrets
import struct
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps

from portal.attachments.reading.gif import clean_gif
from portal.attachments.reading.tiff import clean_tiff

MOST_PIXELS = 80_000_000
LONGEST_SIDE = 30_000
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "HEIF")
# What a PNG needs to look as it does (PNG 1.3, chapter 11); texts, times and EXIF are left behind, and what follows the end.
PNG_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"}
WEBP_METADATA_FLAGS = 0b00001100  # EXIF and XMP, in the first byte of VP8X
ORIENTATION = 0x0112

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
with suppress(ImportError):  # photos of some telephones; not a dependency of ours, but it comes with Wagtail
    import_module("pillow_heif").register_heif_opener()


def clean(file: IO[bytes]) -> bytes:
    """A line of JSON (format, width, height as shown), then the cleaned content; nothing after the line where it may stay as it is."""
    with Image.open(file, formats=_formats()) as picture:
        _refuse_bomb(picture)
        name, size = picture.format or "", picture.size
        content = b""
        if name == "JPEG":
            size, content = _clean_jpeg(picture)
        elif name == "HEIF":
            name, (size, content) = "JPEG", _jpeg_of(picture)
        elif name == "BMP":
            picture.load()
        else:
            if name != "TIFF":  # of a hundred pages, perhaps
                picture.load()
            file.seek(0)
            content = CLEANERS[name](file.read())
    return json.dumps([name, *size]).encode() + b"\n" + content


def reduced(file: IO[bytes], longest: str) -> bytes:
    """A WebP of which no side is longer."""
    side = int(longest)
    with Image.open(file, formats=_formats()) as picture:
        _refuse_bomb(picture)
        picture.draft("RGB", (side * 2, side * 2))
        rough = picture if picture.mode in ("RGB", "RGBA", "L") else picture.convert("RGBA" if "transparency" in picture.info else "RGB")
        upright = ImageOps.exif_transpose(rough)
        upright.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2)
        output = BytesIO()
        upright.save(output, "WEBP", quality=82, exif=b"", xmp=b"")
        return output.getvalue()


def anonymous(file: IO[bytes]) -> bytes:
    """A JPEG of the points alone: no profile, no data about the picture, and a comment of chance, so that no two are the same file."""
    with Image.open(file, formats=_formats()) as picture:
        _refuse_bomb(picture)
        if getattr(picture, "n_frames", 1) > 1:
            raise ValueError("it moves")
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
        ground = Image.new("RGB", upright.size, "white")
        ground.paste(upright, mask=upright.getchannel("A"))
        output = BytesIO()
        ground.save(output, "JPEG", quality=88, comment=secrets.token_hex(16).encode())
        return output.getvalue()


def _formats() -> tuple[str, ...]:
    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def _refuse_bomb(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS or max(picture.size) > LONGEST_SIDE:
        raise ValueError(f"too many points: {picture.width} x {picture.height}")


def _clean_jpeg(picture: Image.Image) -> tuple[tuple[int, int], bytes]:
    profile = picture.info.get("icc_profile", b"")
    output = BytesIO()
    if picture.getexif().get(ORIENTATION, 1) == 1:
        picture.save(output, "JPEG", quality="keep", icc_profile=profile, exif=b"", xmp=b"", comment=b"")
        return picture.size, output.getvalue()
    upright = ImageOps.exif_transpose(picture)
    upright.save(output, "JPEG", quality=92, icc_profile=profile, exif=b"", xmp=b"", comment=b"")
    return upright.size, output.getvalue()


def _jpeg_of(picture: Image.Image) -> tuple[tuple[int, int], bytes]:
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    output = BytesIO()
    upright.save(output, "JPEG", quality=90, icc_profile=picture.info.get("icc_profile", b""), exif=b"", xmp=b"", comment=b"")
    return upright.size, output.getvalue()


def _clean_png(content: bytes) -> bytes:
    file = BytesIO(content)
    output = BytesIO()
    output.write(file.read(8))
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        rest = file.read(length + 4)
        if kind in PNG_CHUNKS:
            output.write(head + rest)
        if kind == b"IEND":
            break
    return output.getvalue()


def _clean_webp(content: bytes) -> bytes:
    chunks = bytearray()
    place = 12
    end = min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    while place + 8 <= end:
        kind = content[place : place + 4]
        length = int.from_bytes(content[place + 4 : place + 8], "little")
        body = content[place : place + 8 + length + length % 2]
        if kind == b"VP8X":
            body = body[:8] + bytes([body[8] & ~WEBP_METADATA_FLAGS]) + body[9:]
        if kind not in (b"EXIF", b"XMP "):
            chunks += body
        place += len(body)
    return b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + bytes(chunks)


CLEANERS = {"PNG": _clean_png, "WEBP": _clean_webp, "GIF": clean_gif, "TIFF": clean_tiff}
