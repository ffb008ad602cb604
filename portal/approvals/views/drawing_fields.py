"""Drawing a form: one field, one column, one table."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from portal.approvals.definitions.labels import said
from portal.approvals.definitions.tables import COLUMN_TYPES
from portal.approvals.drawing.acts import find_field, find_table, free_field_key
from portal.approvals.drawing.field_form import FieldForm, TableForm, initial_of_field, into_table
from portal.approvals.drawing.naming import Naming
from portal.approvals.drawing.words import TYPE_NAMES
from portal.approvals.models import Drawing, PaperKind
from portal.approvals.services.drawing import kept_types
from portal.approvals.views.drawing import DrawingPage, drawers_only, drawn_rows, palette
from portal.foundation.asking import read_words

Raw = dict[str, Any]


@method_decorator(drawers_only, name="dispatch")
class FieldPage(DrawingPage):
    """`?at=lines.price` is a field or column that there is; `?new=number`, with `table=lines` in a table, one that is added at the end."""

    template_name = "approvals/kind_form.html"

    def find(self, request: HttpRequest, kind: PaperKind) -> None:
        self.path, self.type = read_words(request.GET, "at"), read_words(request.GET, "new")
        table_key = self.path.rpartition(".")[0] if self.path else read_words(request.GET, "table")
        self.table = find_table(self.drawing, table_key) if table_key else None
        self.raw: Raw = find_field(self.drawing, self.path) or {} if self.path else {}
        if self.raw:
            self.type = "formula" if self.raw.get("formula") else str(self.raw.get("type"))
        is_known = self.type in TYPE_NAMES and self.type != "table" and (self.table is None or self.type in {*COLUMN_TYPES, "formula"})
        if not is_known or (self.path and not self.raw) or (table_key and self.table is None):
            raise Http404
        self.naming = Naming(self.drawing.fields, self.drawing.tables, table_key)
        self.place = f"field:{self.path}"

    def get_heading(self) -> str:
        return said(self.raw["label"]) if self.raw else _("New field: %(type)s") % {"type": TYPE_NAMES[self.type]}

    def form_class(self, *args: Any, **kwargs: Any) -> forms.Form:  # type: ignore[override]
        self.form = FieldForm(*args, kind=self.type, naming=self.naming, table=self.table, **kwargs)
        return self.form

    def initial(self) -> Raw:
        return initial_of_field(self.raw, self.naming, self.table) if self.raw else {}

    def change(self, drawing: Drawing) -> None:
        table = find_table(drawing, self.table["key"]) if self.table is not None else None
        rows = drawing.fields if table is None else table.setdefault("columns", [])
        known = next((place for place, raw in enumerate(rows) if raw["key"] == self.raw.get("key")), None)
        if known is not None:
            rows[known] = self.form.written(rows[known])
            key = rows[known]["key"]
        else:
            key = free_field_key(drawing, kept_types(self.subject.pk))
            rows.append(self.form.written({"key": key, "type": self.type}))
        if table is not None:
            into_table(table, key, self.form)

    def more_context(self) -> dict[str, Any]:
        context = super().more_context() | {"rows": drawn_rows(self.drawing, self.read), "palette": palette()}
        own = self.read.at(self.place)
        return context | {"own_faults": own, "names": self.naming.names, "has_names": "formula" in self.form.fields or "test" in self.form.fields}


@method_decorator(drawers_only, name="dispatch")
class TablePage(DrawingPage):
    """`?at=lines` is a table that there is; without it one is added."""

    template_name = "approvals/kind_form.html"

    def find(self, request: HttpRequest, kind: PaperKind) -> None:
        self.path = read_words(request.GET, "at")
        self.raw: Raw = find_table(self.drawing, self.path) or {} if self.path else {}
        if self.path and not self.raw:
            raise Http404
        self.place = f"table:{self.path}"

    def get_heading(self) -> str:
        return said(self.raw["label"]) if self.raw else _("New table of lines")

    def form_class(self, *args: Any, **kwargs: Any) -> forms.Form:  # type: ignore[override]
        self.form = TableForm(*args, table=self.raw, **kwargs)
        return self.form

    def initial(self) -> Raw:
        if not self.raw:
            return {}
        found = {name: self.raw[name] for name in ("required", "most", "once") if name in self.raw}
        return found | {"label": self.raw["label"].get("zh", ""), "label_en": self.raw["label"].get("en", "")}

    def change(self, drawing: Drawing) -> None:
        table = find_table(drawing, self.path) if self.path else None
        if table is not None:
            table |= self.form.written(table)
        else:
            key = free_field_key(drawing, kept_types(self.subject.pk), table="new")
            drawing.tables.append(self.form.written({"key": key, "columns": []}))

    def more_context(self) -> dict[str, Any]:
        return super().more_context() | {"rows": drawn_rows(self.drawing, self.read), "palette": palette(), "own_faults": self.read.at(self.place)}
