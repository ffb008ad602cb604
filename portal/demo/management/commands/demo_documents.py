"""`manage.py demo_documents FOLDER`: publish real documents on a board of the demo plant."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import Progress

from bulletin.publishing import publishing_departments
from bulletin.services.boards import board_of
from portal.accounts.models import User
from portal.demo.documents import find_documents, load_documents
from portal.organization.models import Department


class Command(BaseCommand):
    help = "Publish the documents below a folder as notices: HTML as text, everything else as files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--as", dest="number", default="10003", help="employee number of who publishes, a head of a department")
        parser.add_argument("--limit", type=int, default=200, help="at most so many documents")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        actor = User.objects.filter(employee_number=options["number"]).first()
        departments = publishing_departments(actor) if actor is not None else []
        if actor is None or not departments:
            raise CommandError(f"{options['number']} publishes for no department.")
        board = board_of(Department.objects.get(pk=departments[0]))
        paths = find_documents(folder)[: options["limit"]]
        published = 0
        with Progress() as progress:
            task = progress.add_task("documents", total=len(paths))
            for loaded in load_documents(paths, board, actor=actor):
                progress.advance(task)
                published += loaded.notice is not None
                if loaded.notice is None:
                    self.stdout.write(f"{loaded.path.name}: {loaded.refusal}")
        self.stdout.write(f"{published} documents were published.")
