"""Are the translations complete? Compares what the sources say now with what the catalogues hold. Needs gettext."""

import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

SOURCES = ("portal", "bulletin", "templates", "manage.py", "locale")
COMPLETE = "zh_Hans"


class Command(BaseCommand):
    help = "Fail when a text of the portal has no Chinese, is marked as uncertain, or has other placeholders than its source."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--show", type=int, default=40, help="how many faults are printed (40)")

    def handle(self, *args: Any, **options: Any) -> None:
        if shutil.which("xgettext") is None:
            raise CommandError("gettext is needed to read the sources; on Debian and Ubuntu: apt install gettext")
        with tempfile.TemporaryDirectory() as directory:
            catalogue = _catalogue_as_it_should_be(Path(directory))
        faults = [fault for message in catalogue if message.id for fault in _faults(message)]
        for fault in faults[: options["show"]]:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} texts of {len(catalogue)} are not translated as they should be.")
        self.stdout.write(f"{len(catalogue)} texts, all translated")


def _catalogue_as_it_should_be(directory: Path) -> Catalog:
    """Collect the texts anew in a copy of the sources."""
    for name in SOURCES:
        source = settings.BASE_DIR / name
        if source.is_dir():
            shutil.copytree(source, directory / name, ignore=shutil.ignore_patterns("__pycache__", "migrations", "*.mo"))
        elif source.exists():
            shutil.copy(source, directory / name)
    (directory / "locale").mkdir(exist_ok=True)
    command = [sys.executable, "manage.py", "makemessages", "--locale", COMPLETE, "--no-obsolete", "--verbosity", "0"]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True)
    if done.returncode != 0:
        raise CommandError(f"The texts could not be collected: {done.stderr.strip()[-500:]}")
    with (directory / "locale" / COMPLETE / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=COMPLETE)


def _faults(message: Message) -> list[str]:
    source = message.id if isinstance(message.id, str) else message.id[0]
    translations = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    place = ":".join(map(str, message.locations[0])) if message.locations else ""
    if not all(translations):
        return [f"{place}: no translation of {source!r}"]
    if message.fuzzy:
        return [f"{place}: the translation of {source!r} is marked as uncertain"]
    if message.python_format:
        return [f"{place}: {source!r}: {error}" for error in message.check()]
    return []
