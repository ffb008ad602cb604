"""`make messages`: bring the catalogues in step with the sources."""

import shutil
from typing import Any

from babel.messages.catalog import Message
from django.core.management.base import BaseCommand, CommandError

from portal.runtime.catalogues import CatalogueError, Key, collected, key_of, names, write_catalogue, written


class Command(BaseCommand):
    help = "Write what the sources say into the catalogues. Translations are kept by their text, wherever they stood; nothing is guessed."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if shutil.which("xgettext") is None:
            raise CommandError("gettext is needed to read the sources; on Debian and Ubuntu: apt install gettext")
        pool: dict[Key, Message] = {}
        own: dict[tuple[str, Key], Message] = {}
        for name in names():
            for message in written(name):
                if message.id and message.string and not message.fuzzy:
                    own[name, key_of(message)] = message
                    pool.setdefault(key_of(message), message)
        try:
            texts = collected()
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        for name, messages in texts.items():
            for message in messages:
                known = own.get((name, key_of(message))) or pool.get(key_of(message))
                message.string = known.string if known else ""
            write_catalogue(name, messages)
            missing = sum(not message.string for message in messages)
            self.stdout.write(f"{name or 'portal'}: {len(messages)} texts, {missing} without Chinese")
