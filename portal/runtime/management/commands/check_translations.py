"""Are the translations complete? Compares what the sources say now with what the catalogues hold. Needs gettext."""

import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from babel.messages.catalog import Message
from django.core.management.base import BaseCommand, CommandError

from portal.runtime.catalogues import CatalogueError, Key, catalogue_path, collected, key_of, written


class Command(BaseCommand):
    help = "Fail when a text of the portal has no Chinese, is marked as uncertain, has other placeholders than its source, or is said in two ways."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--show", type=int, default=40, help="how many faults are printed (40)")

    def handle(self, *args: Any, **options: Any) -> None:
        if shutil.which("xgettext") is None:
            raise CommandError("gettext is needed to read the sources; on Debian and Ubuntu: apt install gettext")
        try:
            texts = collected()
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        count = sum(map(len, texts.values()))
        faults = list(_faults(texts))
        for fault in faults[: options["show"]]:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} texts of {count} are not translated as they should be. `make messages` collects them.")
        self.stdout.write(f"{count} texts, all translated")


def _faults(texts: dict[str, list[Message]]) -> Iterator[str]:
    """Each is a line; the same text with two translations would be shown in whichever was loaded last."""
    said: dict[Key, Any] = {}
    for name, messages in texts.items():
        place = catalogue_path(name).parent.parent.parent.name
        catalogue = {key_of(message): message for message in written(name) if message.id}
        for message in messages:
            key = key_of(message)
            translated = catalogue.pop(key, None)
            if translated is None or not translated.string or not all(translated.string):
                yield f"{place}: no translation of {key[1]!r}"
            elif translated.fuzzy:
                yield f"{place}: the translation of {key[1]!r} is marked as uncertain"
            elif said.setdefault(key, translated.string) != translated.string:
                yield f"{place}: {key[1]!r} is {translated.string!r} here and {said[key]!r} elsewhere; give one of them a context"
            elif translated.python_format:
                yield from (f"{place}: {key[1]!r}: {error}" for error in translated.check())
        for _context, text in catalogue:
            yield f"{place}: {text!r} is said nowhere any more"
