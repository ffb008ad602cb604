"""The pictures that a page or a Markdown file names by their paths: they come with it, in the same folder or archive."""

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from portal.attachments.names import extension_of

PAGES = frozenset({"html", "htm", "xhtml", "md", "markdown"})
PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "webp", "bmp"})
IN_HTML = re.compile(r"""(<img\b[^>]*?\bsrc\s*=\s*)("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)
IN_MARKDOWN = re.compile(r"!\[[^\]]*\]\(\s*<?([^\s)>]+)")


def names_pictures(path: str) -> bool:
    return extension_of(path) in PAGES


def is_picture(path: str) -> bool:
    return extension_of(path) in PICTURES


def paths_named(content: bytes, path: str) -> set[str]:
    """Which paths of its folder a page names as pictures. Paths are as the folder had them; what leads out of it or to another machine is none."""
    text = content.decode("utf-8", errors="replace")
    named = {match[2].strip("\"'") for match in IN_HTML.finditer(text)} | {match[1] for match in IN_MARKDOWN.finditer(text)}
    return {place for name in named if (place := _place(name, path))}


def digest_with(content: bytes, pictures: Iterable[tuple[str, bytes]]) -> str:
    """Of a text with its pictures: another picture under the same name makes another text."""
    digest = hashlib.sha256(content)
    for path, picture in sorted(pictures):
        digest.update(f"\0{path}\0".encode())
        digest.update(hashlib.sha256(picture).digest())
    return digest.hexdigest()


def with_pictures(html: str, path: str, address_of: Callable[[str], str]) -> tuple[str, int]:
    """The text with the addresses of its pictures, and how many were put in; `address_of` a path is empty where there is no such picture."""
    placed = 0

    def write(match: re.Match[str]) -> str:
        nonlocal placed
        place = _place(unescape(match[2].strip("\"'")), path)
        address = address_of(place) if place else ""
        placed += bool(address)
        return f'{match[1]}"{escape(address)}"' if address else match[0]

    return IN_HTML.sub(write, html), placed


def _place(name: str, path: str) -> str:
    try:
        parts = urlsplit(unescape(name).replace("\\", "/"))
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
    return "" if place.startswith(("../", "/")) or not is_picture(place) else place
