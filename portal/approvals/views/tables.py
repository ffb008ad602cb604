"""Pages on which tables are written: rows added, pasted, taken over from the last period or from another paper; and sums as one types."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.approvals.cells import LONGEST_CELL
from portal.approvals.filling import add_hints, known_names, last_lines, pull_lines, source_choices
from portal.approvals.lines_form import TableForm
from portal.approvals.models import Paper, PaperKind, Task
from portal.approvals.paper_form import PaperForm
from portal.foundation.asking import read_number, read_words
from portal.foundation.form_pages import FormPage
from portal.imports.errors import ImportRefusedError
from portal.imports.limits import MOST_BYTES
from portal.imports.reading import read_table
from portal.imports.tables import is_blank_row, shown

TABLE_ACTS = ("rows", "paste", "file", "last", "pull")
SUMS = "sums"
HEADS_WITHIN = 8  # above its names a file has a title, a department, a month


class TablesPage(FormPage):
    """A form with tables. `act=rows:lines` and the like change a table and save nothing; `act=sums` answers with what is computed."""

    kind: PaperKind
    form: PaperForm
    paper: Paper | None = None
    task: Task | None = None

    @property
    def is_about_tables(self) -> bool:
        act = read_words(self.request.POST, "act").partition(":")[0]
        return act == SUMS or act in TABLE_ACTS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.is_about_tables:
            return super().post(request, **kwargs)
        form: Any = self.form_class(request.POST, None, initial=self.initial(), **self.form_arguments())
        form.is_valid()
        act, _colon, key = read_words(request.POST, "act").partition(":")
        if act == SUMS:
            form.show_computed()
            words = {place: said for table in form.tables for place, said in table.words().items()} | {place: said for place, _label, said in form.said_heads()}
            return JsonResponse({"words": words, "errors": {place: said for table in form.tables for place, said in table.errors().items()}})
        table = next((one for one in form.tables if one.plan.key == key), None)
        if table is not None and not table.is_fixed:
            self._change(request, table, act)
            form.show_computed()
        if request.headers.get("HX-Target") == f"table-{key}":
            context = {"table": self._drawn([table])[0]} if table is not None else {}
            return render(request, "approvals/_lines.html", context)
        return self.page(request, form)

    def page(self, request: HttpRequest, form: forms.BaseForm, status: int = 200, key: str | None = None) -> HttpResponse:
        return super().page(request, form, 403 if getattr(form, "is_forbidden", False) else status, key)

    def more_context(self) -> dict[str, Any]:
        if not self.form.tables:
            return {"tables": [], "heads": self.form.said_heads()}
        known = known_names(self.kind)
        return {"tables": self._drawn(self.form.tables), "heads": self.form.said_heads(), "known": known}

    def _change(self, request: HttpRequest, table: TableForm, act: str) -> None:
        besides = self.paper.pk if self.paper is not None else None
        if act == "rows":
            table.add_rows()
        elif act == "paste":
            table.paste(read_words(request.POST, f"{table.plan.key}-at"))
        elif act == "file":
            _take_file(table, request.FILES.get(f"{table.plan.key}-file"))
        elif act == "last":
            lines = last_lines(self.kind, table.plan, request.user, besides=besides)
            if not lines:
                table.error = _("You see no earlier paper of this kind.")
            table.take(lines)
        elif act == "pull":
            pull_lines(table, read_number(request.POST, f"{table.plan.key}-source"), besides=besides)

    def _drawn(self, tables: list[TableForm]) -> list[dict[str, Any]]:
        besides = self.paper.pk if self.paper is not None else None
        drawn = []
        for table in tables:
            table.ready()
            add_hints(table, besides=besides)
            choices = [(column, [column.choice_label(code) for code, _label in column.choices]) for column in table.columns if column.type == "choice"]
            departments = [column for column in table.columns if column.type == "department" and column.key in table.writable]
            drawn.append(
                {
                    "form": table,
                    "key": table.plan.key,
                    "rows": table.drawn(),
                    "sums": table.sums(),
                    "choices": [(f"{table.plan.key}-{column.key}-choices", several) for column, several in choices]
                    + [(f"{table.plan.key}-{column.key}-choices", sorted(table.cells.places.labels.values())) for column in departments],
                    "sources": source_choices(table.plan) if not table.is_fixed else [],
                    "width": len(table.columns) + 2,
                }
            )
        return drawn


def _take_file(table: TableForm, file: Any) -> None:
    """The lines of a file below what stands there, or a sentence on what is wrong with it."""
    if file is None:
        table.error = _("Choose a file first.")
        return
    try:
        rows = read_table(file.read(MOST_BYTES + 1)).rows
    except ImportRefusedError as error:
        table.error = str(error)
        return
    table.put([[shown(cell, LONGEST_CELL) for cell in row] for row in rows if not is_blank_row(row)], heads_within=HEADS_WITHIN)
