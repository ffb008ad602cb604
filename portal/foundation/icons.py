"""Icons of one set (Lucide), drawn inline so that no page asks for them."""

from functools import cache
from importlib.resources import files
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from django.utils.safestring import SafeString, mark_safe

SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"


class UnknownIconError(LookupError):
    """A name that the set does not have."""


@cache
def icon_svg(name: str) -> SafeString:
    """The icon as an SVG element without a name of its own: the word beside it, or the label of its button, says what it is."""
    return mark_safe(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{_shapes(name)}</svg>')


@cache
def _archive() -> ZipFile:
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))


def _shapes(name: str) -> str:
    try:
        text = _archive().read(f"{name}.svg")
    except KeyError as error:
        raise UnknownIconError(f"no icon {name!r} in Lucide") from error
    drawing = ElementTree.fromstring(text)  # noqa: S314  # our own package's drawing
    parts = []
    for shape in drawing:
        attributes = "".join(f' {key}="{value}"' for key, value in shape.attrib.items())
        parts.append(f"<{shape.tag.removeprefix(SVG_NAMESPACE)}{attributes}/>")
    return "".join(parts)
