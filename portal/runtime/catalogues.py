"""The catalogues of translations: one for the portal, one for each module. Needs gettext to read the sources.

A text that the portal itself says stands in the portal's catalogue alone; modules say theirs besides.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import normalize, read_po
from django.conf import settings

LOCALE = "zh_Hans"
PORTAL = ""
HEADER = """# {title}
msgid ""
msgstr ""
"Project-Id-Version: Gongfang 0.1\\n"
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""

Key = tuple[str, str]  # context, text


class CatalogueError(Exception):
    """The texts could not be collected; the sentence says why."""


def names() -> list[str]:
    """The portal first, then the modules."""
    return [PORTAL, *settings.MODULES]


def catalogue_path(name: str) -> Path:
    return Path(settings.BASE_DIR) / "locale" / name / LOCALE / "LC_MESSAGES" / "django.po"


def written(name: str) -> Catalog:
    """The catalogue as it stands; an empty one where there is none yet."""
    path = catalogue_path(name)
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def collected() -> dict[str, list[Message]]:
    """What the sources say now, by catalogue, in the order of the texts."""
    found: dict[str, list[Message]] = {}
    known: set[Key] = set()
    for name in names():
        messages = [message for message in _read_sources(name) if message.id and key_of(message) not in known]
        found[name] = sorted(messages, key=key_of)
        if name == PORTAL:
            known = {key_of(message) for message in messages}
    return found


def key_of(message: Message) -> Key:
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def write_catalogue(name: str, messages: list[Message]) -> None:
    """Write these, each with the translation that it carries."""
    title = "The portal in Chinese." if name == PORTAL else f"{name.capitalize()} in Chinese."
    path = catalogue_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER.format(title=title), *(_entry(message) for message in messages)]))


def _entry(message: Message) -> str:
    lines = ["#, python-format"] if message.python_format else []
    if message.context:
        lines.append(f"msgctxt {normalize(message.context, width=0)}")
    if isinstance(message.id, str):
        lines += [f"msgid {normalize(message.id, width=0)}", f"msgstr {normalize(str(message.string or ''), width=0)}"]
    else:
        string = message.string if isinstance(message.string, str) else (message.string or [""])[0]
        lines += [
            f"msgid {normalize(message.id[0], width=0)}",
            f"msgid_plural {normalize(message.id[1], width=0)}",
            f"msgstr[0] {normalize(string or '', width=0)}",
        ]
    return "\n".join(lines) + "\n"


def _read_sources(name: str) -> Catalog:
    """Collect the texts of one catalogue in a copy of its sources."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        for source in _sources(name):
            target = folder / source.relative_to(settings.BASE_DIR)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "migrations"))
            elif source.exists():
                shutil.copy(source, target)
        (folder / "locale").mkdir()
        command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "makemessages", "--locale", LOCALE, "--no-obsolete", "--verbosity", "0"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise CatalogueError(f"The texts could not be collected: {done.stderr.strip()[-500:]}")
        text = (folder / "locale" / LOCALE / "LC_MESSAGES" / "django.po").read_text()
    return read_po(StringIO(text.replace('\nmsgstr[1] ""', "")), locale=LOCALE)  # xgettext leaves room for two plural forms; Chinese has one


def _sources(name: str) -> Iterator[Path]:
    root = Path(settings.BASE_DIR)
    if name != PORTAL:
        yield from (root / name, root / "templates" / name)
        return
    yield from (root / "portal", root / "manage.py")
    yield from (path for path in (root / "templates").iterdir() if path.name not in settings.MODULES)
