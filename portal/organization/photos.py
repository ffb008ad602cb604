"""Photos of people: any picture that someone sends becomes a small square without anything but its pixels.

The type is what the content says, of three; the size is refused before anything is unpacked. Sources: OWASP File Upload Cheat Sheet.
"""

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from portal.organization.errors import OrganizationError

MEBIBYTE = 1024 * 1024
MOST_BYTES = 8 * MEBIBYTE
MOST_PIXELS = 40_000_000  # four bytes each while it is unpacked
FORMATS = ("JPEG", "PNG", "WEBP")
SIDE = 256
QUALITY = 82
ROUGH_SIDE = 4 * SIDE
FACE_HEIGHT = 0.4  # of what does not fit into the square, less is cut off above than below

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def square_photo(content: bytes) -> bytes:
    """The middle of a picture as a WebP of 256 by 256 pixels, upright, without place, camera or colour profile. Refuses with one sentence."""
    if len(content) > MOST_BYTES:
        raise OrganizationError(_("The picture is larger than %(size)s MB.") % {"size": MOST_BYTES // MEBIBYTE})
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise OrganizationError(_("The picture has more than %(count)s million points.") % {"count": MOST_PIXELS // 1_000_000})
            picture.draft("RGB", (ROUGH_SIDE, ROUGH_SIDE))
            return _squared(picture)
    except Image.DecompressionBombError as error:
        raise OrganizationError(_("The picture has more than %(count)s million points.") % {"count": MOST_PIXELS // 1_000_000}) from error
    except (OSError, SyntaxError, ValueError, EOFError, OverflowError, MemoryError) as error:
        raise OrganizationError(_("This is not a picture that can be read. Send a JPEG, PNG or WebP file.")) from error


def _squared(picture: Image.Image) -> bytes:
    rough = picture if picture.mode in ("RGB", "RGBA", "L") else picture.convert("RGBA")
    upright = ImageOps.exif_transpose(rough)
    upright.thumbnail((ROUGH_SIDE, ROUGH_SIDE), Image.Resampling.LANCZOS, reducing_gap=2)
    small = ImageOps.fit(upright.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS, centering=(0.5, FACE_HEIGHT))
    clean = Image.new("RGB", (SIDE, SIDE), "white")
    clean.paste(small, mask=small.getchannel("A"))
    output = BytesIO()
    clean.save(output, "WEBP", quality=QUALITY)
    return output.getvalue()
