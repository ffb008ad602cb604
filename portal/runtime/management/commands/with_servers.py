"""Run another command while the portal is not running: the embedded servers are started for it and ended after."""

from argparse import REMAINDER, ArgumentParser
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.runtime import preparation
from portal.runtime.embedded.postgresql import EmbeddedPostgreSQL
from portal.runtime.embedded.processes import EmbeddedServerError
from portal.runtime.embedded.valkey import EmbeddedValkey
from portal.runtime.guards import StartRefused, lock_data_dir


class Command(BaseCommand):
    help = "with_servers COMMAND [ARGUMENTS]: as COMMAND, also when `serve` is not running."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("command", nargs=REMAINDER)

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["command"]:
            raise CommandError("Which command?")
        environment = settings.ENVIRONMENT
        with ExitStack() as stack:
            try:
                stack.enter_context(lock_data_dir(environment.data_dir))
            except StartRefused:
                pass  # the portal is running, and so are its servers
            else:
                self._start_servers(stack)
                preparation.migrate_database()
            call_command(*options["command"])

    def _start_servers(self, stack: ExitStack) -> None:
        environment = settings.ENVIRONMENT
        servers: list[EmbeddedPostgreSQL | EmbeddedValkey] = []
        if not environment.database_url:
            servers.append(EmbeddedPostgreSQL(environment.data_dir))
        if not environment.valkey_url:
            servers.append(EmbeddedValkey(environment.data_dir))
        try:
            for server in servers:
                stack.callback(server.stop)
                server.start()
        except EmbeddedServerError as error:
            raise CommandError(str(error)) from error
