"""Names of files as people give them, made harmless for screens, headers and disks (S21)."""

import re
import unicodedata

from django.utils.translation import gettext as _

from portal.attachments.errors import NameTooLongError

LONGEST = 255
JOINER = "\u200d"  # holds emoji together
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def clean_file_name(name: str) -> str:
    """The last part of a path, without control, bidirectional and invisible characters. Refuses more than 255 characters."""
    text = unicodedata.normalize("NFC", name)
    text = "".join(" " if character in "\t\r\n" else character for character in text if character in "\t\r\n" or not _is_hidden(character))
    text = re.sub(r"\s+", " ", re.split(r"[/\\]", text)[-1]).strip().strip(".").strip()
    if len(text) > LONGEST:
        raise NameTooLongError(_("The name of the file has %(length)s characters; %(longest)s are possible.") % {"length": len(text), "longest": LONGEST})
    return text or _("file")


def extension_of(name: str) -> str:
    """In lower case and without the dot; nothing where there is none."""
    _stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and re.fullmatch(r"[A-Za-z0-9]{1,8}", extension) else ""


def with_extension(name: str, extension: str) -> str:
    """The name with another extension, within the greatest length."""
    stem = name.rpartition(".")[0] if extension_of(name) else name
    return f"{stem[: LONGEST - len(extension) - 1]}.{extension}"


def _is_hidden(character: str) -> bool:
    return character != JOINER and unicodedata.category(character) in HIDDEN
