"""A roster of 20,000 lines that all have an effect (10,000 new people, 10,000 of the plant moved or with another card): reading, planning, carrying out."""

import io
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.test import RequestFactory

from benchmarks.context import Context
from benchmarks.rows import Row, at_most, told
from portal.accounts.models import User
from portal.foundation.spreadsheets import write_xlsx
from portal.imports.definition import importer_of
from portal.imports.models import Import
from portal.imports.preview import preview_context
from portal.imports.running import run_import
from portal.imports.services import confirm_import, plan_import, start_import

LINES = 20_000
GOAL_SECONDS = 60.0

Answer = TypeVar("Answer")


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    keeper = User.objects.filter(is_superuser=True).order_by("pk")[0]
    context.say("writing a roster")
    content = _roster()
    spent: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Answer]) -> Answer:
        context.say(name)
        begun = time.perf_counter()
        answer = work()
        spent[name] = time.perf_counter() - begun
        return answer

    with transaction.atomic():
        started = timed("reading", lambda: start_import("roster", content=content, file_name="花名册.xlsx", actor=keeper))
        timed("planning", lambda: plan_import(started, header_row=started.header_row, mapping=started.mapping, actor=keeper))
        planned = Import.objects.get(pk=started.pk)
        request = RequestFactory().get("/", {"kind": "new", "page": "50"})
        timed("preview", lambda: preview_context(request, importer_of("roster"), Import.objects.defer("rows").get(pk=started.pk), {}, {}))
        confirm_import(planned, leaves_out_refused=True, actor=keeper)
        timed("carrying out", lambda: run_import(started.pk))
        ended = Import.objects.get(pk=started.pk)
        if ended.status != Import.Status.DONE:
            raise RuntimeError(f"the roster ended as {ended.status}: {ended.failure}")
        counts = planned.counts
        transaction.set_rollback(True)  # the plant stays as the other areas know it
    total = spent["reading"] + spent["planning"] + spent["carrying out"]
    return [
        told("imports", "lines with an effect", sum(count for kind, count in counts.items() if kind not in ("unchanged", "refused")), "lines"),
        told("imports", "reading, of 20,000 lines in XLSX", spent["reading"], "s"),
        told("imports", "planning", spent["planning"], "s"),
        told("imports", "a page of the preview", spent["preview"] * 1000, "ms"),
        told("imports", "carrying out, with constraints and record", spent["carrying out"], "s"),
        at_most("imports", "from the upload to the end", total, "s", GOAL_SECONDS),
    ]


def _roster() -> bytes:
    """The present one with a change in each line, and as many new people in the departments of those."""
    importer = importer_of("roster")
    target = io.BytesIO()
    write_xlsx(target, "花名册", [column.own_heading for column in importer.filled], islice(_rows(importer), LINES))
    return target.getvalue()


def _rows(importer: Any) -> Iterator[list[Any]]:
    present = [list(row) for row in importer.template_rows()]
    place = {column.code: index for index, column in enumerate(importer.filled)}
    for number, row in enumerate(present):
        changed = list(row)
        if number % 2:
            changed[place["mobile"]] = f"139{number:08d}"
        else:
            other = present[(number + len(present) // 2) % len(present)]
            changed[place["department_code"]], changed[place["department"]] = other[place["department_code"]], other[place["department"]]
            changed[place["starts_on"]] = None
        yield changed
    for number in range(LINES):
        row = list(present[number % len(present)])
        row[place["employee_number"]], row[place["name"]] = f"n{number:06d}", "钱" + "一二三四五六七八九十"[number % 10]
        row[place["email"]] = row[place["ends_on"]] = None
        row[place["mobile"]] = f"138{number:08d}"
        yield row
