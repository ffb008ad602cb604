"""manage.py audit verify | checkpoint"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from portal.audit.chain import verify_chain, write_checkpoint
from portal.audit.models import AuditLink


class Command(BaseCommand):
    help = "Proves that the record was not altered (verify), or keeps its present end outside the database (checkpoint)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("task", choices=["verify", "checkpoint"])

    def handle(self, *args: Any, task: str, **options: Any) -> None:
        if task == "checkpoint":
            position = write_checkpoint()
            self.stdout.write("Nothing new since the last checkpoint." if position is None else f"Checkpoint at link {position}.")
            return
        with Progress("verifying", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), transient=True) as progress:
            bar = progress.add_task("verify", total=AuditLink.objects.count())
            verdict = verify_chain(lambda done: progress.update(bar, completed=done))
        if verdict.fault is not None:
            fault = verdict.fault
            where = f"record {fault.record_id}" if fault.record_id is not None else f"link {fault.position}"
            raise CommandError(
                f"The record does not verify. First fault at {where}: {fault.what}; {fault.detail}. {verdict.checked} records before it are sound."
            )
        self.stdout.write(f"{verdict.checked} records verify, {verdict.checkpoints} checkpoints agree.")
