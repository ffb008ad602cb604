"""What somebody has brought in, and what became of each file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from knowledge.importing.losses import losses_in_words
from knowledge.models import ImportItem, ImportRun
from knowledge.services.file_imports import discard_item, retry_item, submit_item, tell_of_submitted
from portal.lists.columns import Column
from portal.lists.definition import List, RowAct, register_list
from portal.lists.filters import ChoiceFilter, DayFilter, Filter

State = ImportItem.State
RUN_TONES = {ImportRun.State.OPEN: "", ImportRun.State.RUNNING: "warning", ImportRun.State.DONE: "good"}
TONES = {State.WAITING: "", State.DRAFTED: "good", State.RENEWED: "good", State.UNCHANGED: "", State.WITHIN: "", State.REFUSED: "danger"}


@register_list
class ImportRunList(List):
    code = "knowledge.imports"
    url_name = "knowledge:import_list"
    row_url_name = "knowledge:import_detail"
    heading = gettext_lazy("My imports")
    subtitle = gettext_lazy("Files and folders that became drafts of articles.")
    icon = "folder-input"
    template_name = "knowledge/import_list.html"
    default_sort = "-created_at"
    empty_title = gettext_lazy("You have not imported anything yet")
    empty_text = gettext_lazy("Drop a folder of Word documents, PDFs, texts and pictures: each file becomes the draft of an article.")
    columns = (
        Column("created_at", gettext_lazy("Begun"), kind="instant", order_by=("created_at",)),
        Column("category", pgettext_lazy("of knowledge", "Category"), lambda run: run.category and run.category.label, related=("category",)),
        Column("state", gettext_lazy("State"), lambda run: (run.get_state_display(), RUN_TONES[run.state]), "tag"),
        Column("files", pgettext_lazy("of an import", "Files"), kind="number", annotations=lambda: {"files": Count("items")}),
        Column(
            "made",
            gettext_lazy("Drafts"),
            kind="number",
            annotations=lambda: {"made": Count("items", filter=Q(items__state__in=[State.DRAFTED, State.RENEWED]))},
        ),
        Column("refused", gettext_lazy("Not taken"), kind="number", annotations=lambda: {"refused": Count("items", filter=Q(items__state=State.REFUSED))}),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=ImportRun.State.choices),
        DayFilter(key="begun", label=gettext_lazy("Begun"), field="created_at", is_instant=True, is_further=True),
    )

    def rows(self, user: Any) -> QuerySet[ImportRun]:
        return ImportRun.objects.filter(owner=user.pk)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Knowledge base"), reverse("knowledge:map"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter(Filter):
    """One import, by its number: its page leads here."""

    def fields(self) -> dict[str, forms.Field]:
        return {self.key: forms.IntegerField(label=str(self.label), required=False, min_value=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"}))}

    def condition(self, values: Mapping[str, Any]) -> Q | None:
        return Q(run=values[self.key]) if values.get(self.key) else None

    def said(self, values: Mapping[str, Any]) -> str:
        return str(values.get(self.key) or "")


def _result(item: ImportItem) -> str:
    return item.reason or "; ".join(losses_in_words(item.lost))


def _article(item: ImportItem) -> SafeString | str:
    if item.article is None:
        return ""
    return format_html('<a href="{}">{}</a>', item.article.preview_url, item.article.draft_title)


@register_list
class ImportItemList(List):
    code = "knowledge.import_items"
    url_name = "knowledge:import_items"
    heading = gettext_lazy("Imported files")
    icon = "files"
    words_in = ("path",)
    words_label = gettext_lazy("Words of the path")
    default_sort = "path"
    empty_title = gettext_lazy("No file fits")
    columns = (
        Column("path", gettext_lazy("File"), order_by=("path",)),
        Column("state", gettext_lazy("What became of the file"), lambda item: (item.get_state_display(), TONES[item.state]), "tag", order_by=("state",)),
        Column("article", gettext_lazy("Article"), _article, "html", related=("article",), plain=lambda item: item.article.draft_title if item.article else ""),
        Column("result", gettext_lazy("Why, or what was lost"), _result),
        Column("size", gettext_lazy("Bytes"), kind="number", order_by=("size",), is_shown=False),
        Column("done_at", gettext_lazy("When"), kind="instant", order_by=("done_at",), is_shown=False),
    )
    filters = (
        ChoiceFilter(key="state", label=gettext_lazy("What became of the file"), anything=gettext_lazy("all"), choices=State.choices),
        RunFilter(key="run", label=gettext_lazy("Import number")),
    )
    acts = (
        RowAct("submit", gettext_lazy("Ask for admission"), "change", submit_item, "send", after=tell_of_submitted),
        RowAct("retry", gettext_lazy("Try again"), "change", retry_item, "rotate-cw"),
        RowAct("discard", gettext_lazy("Delete the draft"), "change", discard_item, "trash-2", is_dangerous=True),
    )
    related = ("run", "article")

    def rows(self, user: Any) -> QuerySet[ImportItem]:
        return ImportItem.objects.filter(run__owner=user.pk)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Knowledge base"), reverse("knowledge:map")), (_("My imports"), reverse("knowledge:import_list"))]
