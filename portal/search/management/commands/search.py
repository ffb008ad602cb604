"""Keeping the search index: rebuild, check, explain."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from portal.accounts.models import User
from portal.search.asking import understand
from portal.search.checking import check_feed, check_index
from portal.search.engines.base import EngineAwayError, IndexMissingError
from portal.search.explaining import explain
from portal.search.feeding import feed_all, note_made
from portal.search.following import RebuildingError, follow, rebuild
from portal.search.sources import all_sources

STOPPED = 130
NOW = "`manage.py search rebuild` does it now."
WIDTH_OF_FILES = 220


class Command(BaseCommand):
    help = "Keep the search index. People can search all the while."

    def add_arguments(self, parser: ArgumentParser) -> None:
        works = parser.add_subparsers(dest="work", required=True)
        rebuilding = works.add_parser("rebuild", help="make the index anew from the feed, beside the one in use")
        rebuilding.add_argument("--feed", action="store_true", help="make the feed anew first, from everything that is searched")
        works.add_parser("check", help="compare what is searched, the feed and the index, and mend what differs")
        explaining = works.add_parser("explain", help="show how a question is understood and why each result stands where it does")
        explaining.add_argument("question")
        explaining.add_argument("--as", dest="person", required=True, metavar="NUMBER", help="an employee number, or a name in pinyin that only one has")
        explaining.add_argument("--scores", action="store_true", help="show how the engine came to the score of the first result")

    def handle(self, *args: Any, **options: Any) -> None:
        # Where nobody looks (a pipe, a file) nothing is cut off to the width of a window.
        width = None if self.stdout.isatty() else WIDTH_OF_FILES
        console = Console(file=self.stdout, highlight=False, width=width)  # type: ignore[arg-type]
        try:
            {"rebuild": self._rebuild, "check": self._check, "explain": self._explain}[options["work"]](console, options)
        except RebuildingError as error:
            raise CommandError("The index is being made anew already; /readyz says how far it is.") from error
        except IndexMissingError as error:
            raise CommandError(
                f"There is no index that can be used ({error}). A running portal makes one by itself; `manage.py search rebuild` does it now."
            ) from error
        except EngineAwayError as error:
            raise CommandError(f"The search engine cannot do it now: {error}") from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. The index in use is as it was.", returncode=STOPPED) from None

    def _rebuild(self, console: Console, options: dict[str, Any]) -> None:
        with _bars(console) as bars:
            if options["feed"]:
                for source in all_sources():
                    ids = list(source.rows().values_list("pk", flat=True))
                    bar = bars.add_task(f"feed: {source.code}", total=len(ids))
                    for done in feed_all(source, ids):
                        bars.update(bar, completed=done)
                    note_made([source])
            bar = bars.add_task("index", total=None)
            written = rebuild(lambda done, total: bars.update(bar, completed=done, total=total))
        console.print(f"The index holds {written:,} entries.")

    def _check(self, console: Console, _options: dict[str, Any]) -> None:
        with _bars(console) as bars:
            bar = bars.add_task("feed", total=None)
            feed = check_feed(lambda done, total: bars.update(bar, completed=done, total=total))
        follow()
        index = check_index()
        table = Table("", "right", "mended")
        table.add_row("things in the feed", f"{feed.right:,}", f"{feed.mended:,}")
        table.add_row("entries in the index", f"{index.right:,}", f"{index.mended:,}")
        console.print(table)

    def _explain(self, console: Console, options: dict[str, Any]) -> None:
        explanation = explain(_person(options["person"]), understand(options["question"]))
        console.print(f"{explanation.person} stands for {' '.join(explanation.tokens)}, level {explanation.level}", markup=False)
        for label, values in explanation.parts:
            console.print(f"{label}: {values}", markup=False)
        table = Table("score", "kind", "title", "page", "who may see it", "key")
        for row in explanation.rows:
            table.add_row(*map(escape, row))
        console.print(table)
        for title, passage in explanation.passages:
            console.print(f"{title}: {passage}", markup=False)
        console.print(f"{explanation.total:,} in all, {explanation.fit}; {explanation.milliseconds:.1f} ms")
        if options["scores"]:
            console.print(json.dumps(explanation.scores, ensure_ascii=False, indent=1), markup=False)


def _bars(console: Console) -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console)


def _person(text: str) -> User:
    found = User.objects.filter(employee_number=text.lower()).first()
    if found is not None:
        return found
    people = list(User.objects.filter(name_starts__contains=f"|{text.lower()}")[:2])
    if len(people) != 1:
        raise CommandError(f"{text!r} names {'nobody' if not people else 'several people'}; give an employee number.")
    return people[0]
