"""`manage.py demo`: fill an empty database with a plant."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from portal.accounts.models import User
from portal.demo.cast import store_sign_ins
from portal.demo.plant import SMALLEST, build_plant


class Command(BaseCommand):
    help = "Fill an empty database with a demo plant: a cigarette factory with its departments, people and three years of moves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=300, help="how many people, leavers among them (300)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same plant (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["people"] < SMALLEST:
            raise CommandError(f"A demo plant has at least {SMALLEST} people.")
        if User.objects.exists():
            raise CommandError("There are people in the database already. A demo plant is only put into an empty one.")
        console = Console(quiet=options["verbosity"] == 0)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as progress:
            tasks: dict[str, Any] = {}

            def show(step: str, done: int, total: int) -> None:
                if step not in tasks:
                    tasks[step] = progress.add_task(step, total=total)
                progress.update(tasks[step], completed=done, total=total)

            plant = build_plant(options["people"], options["seed"], on_progress=show)
        table = Table("number", "password", "name", "", title="Sign in as")
        for sign_in in store_sign_ins(plant):
            table.add_row(sign_in.employee_number, sign_in.password, sign_in.name, f"{sign_in.role} · {sign_in.role_en}")
        console.print(table)
