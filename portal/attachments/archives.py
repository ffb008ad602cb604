"""What is in a ZIP that somebody sent, and the content of its entries."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from re import match
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.attachments.errors import AttachmentError
from portal.attachments.names import clean_file_name, extension_of
from portal.foundation.limited import LimitedError, run_limited
from portal.foundation.storable import storable

NESTED = {"zip", "rar", "7z", "gz", "tgz", "bz2", "xz", "tar"}
LONGEST_PATH = 500
MOST_TOGETHER = 2 * 2**30
# What systems and programs leave beside what people wrote.
LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini", "~$", ".~lock")
REASONS = {
    "outside": gettext_lazy("Its path leads out of the archive. It was not unpacked."),
    "password": gettext_lazy("It is protected by a password. Pack it without one."),
    "link": gettext_lazy("It is a link to another file. Pack the file itself."),
    "bomb": gettext_lazy("It unpacks to more than 64 MB. Send it by itself."),
    "broken": gettext_lazy("It is damaged in the archive. Pack it anew."),
    "nested": gettext_lazy("It is an archive within the archive. Unpack it, and send its files."),
    "twice": gettext_lazy("The archive has this name twice. The first was taken."),
    "long": gettext_lazy("Its path is longer than 500 characters. Shorten it."),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive. `wrong` is one of REASONS where it is not taken."""

    place: int
    path: str
    size: int
    wrong: str = ""


def entries_of(name: str, content: IO[bytes]) -> list[Entry]:
    """Its files in their order, without folders and litter. Refuses as a whole what is no archive, has too many entries or unpacks to too much."""
    try:
        answer = run_limited(
            "portal.attachments.reading.archives:entries", content, memory_bytes=768 * 2**20, cpu_seconds=20, wall_seconds=30, output_bytes=2**25
        )
    except LimitedError as failure:
        raise AttachmentError(_("“%(name)s” cannot be read as a ZIP. It may be damaged: pack it anew.") % {"name": name}) from failure
    found: list[Entry] = []
    seen: Counter[str] = Counter()
    for line in answer.splitlines():
        place, raw, size, wrong = json.loads(line)
        if wrong == "many":
            sentence = _("“%(name)s” has %(count)s entries; 10,000 are possible. Send it in parts.")
            raise AttachmentError(sentence % {"name": name, "count": f"{size:,}"})
        path = storable(raw).replace("\\", "/")
        if path.endswith("/") or is_litter(path):
            continue
        clean = clean_path(path)
        wrong = wrong or ("outside" if is_outside(path) else "long" if len(clean) > LONGEST_PATH else "nested" if extension_of(clean) in NESTED else "")
        if not wrong:
            seen[clean] += 1
            wrong = "twice" if seen[clean] > 1 else ""
        found.append(Entry(place, clean[:LONGEST_PATH], size, wrong))
    if sum(entry.size for entry in found if not entry.wrong) > MOST_TOGETHER:
        raise AttachmentError(_("“%(name)s” unpacks to more than 2 GB. Send it in parts.") % {"name": name})
    return found


def contents_of(content: IO[bytes], places: Sequence[int]) -> list[bytes | str]:
    """The content of each, or one of REASONS."""
    try:
        answer = run_limited(
            "portal.attachments.reading.archives:contents",
            content,
            arguments=[str(place) for place in places],
            memory_bytes=768 * 2**20,
            cpu_seconds=30,
            wall_seconds=60,
            output_bytes=256 * 2**20,
        )
    except LimitedError:
        return ["broken"] if len(places) == 1 else [one for place in places for one in contents_of(content, [place])]
    found: list[bytes | str] = []
    while answer:
        line, _newline, answer = answer.partition(b"\n")
        wrong, length = json.loads(line)
        found.append(wrong or answer[:length])
        answer = answer[length:]
    return found


def is_outside(path: str) -> bool:
    return path.startswith("/") or bool(match(r"[A-Za-z]:", path)) or ".." in path.split("/")


def is_litter(path: str) -> bool:
    name = PurePosixPath(path).name
    return path.startswith(LITTER[0]) or name.startswith(LITTER[1:]) or name.startswith("._")


def clean_path(path: str) -> str:
    """The path without what is not seen, and without empty parts."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return "/".join(clean_file_name(part[:250]) if part != ".." else part for part in parts)
