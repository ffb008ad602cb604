"""The page of a list: what is asked stands in its address, and several rows are acted on by a POST to it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views import View

from portal.access.policies import decide
from portal.foundation.asking import read_number
from portal.foundation.errors import PortalError
from portal.foundation.skeletons import skeleton
from portal.foundation.spreadsheets import table_response
from portal.lists.arranging import Arranged, arranged_for
from portal.lists.asked import VIEW, Asked
from portal.lists.definition import List, RowAct, list_of
from portal.lists.drawing import draw_rows
from portal.lists.exports import AT_ONCE, headings_of, rows_of
from portal.lists.services import note_export, start_export

MOST_ACTED_ON = 500
MOST_NAMED = 5


class ListPage(View):
    """GET shows, POST acts: `export` (xlsx, csv) takes what fits away, `act` does something to the rows `row`."""

    definition: List = None  # type: ignore[assignment]  # given by `of`
    http_method_names = ["get", "head", "post"]

    @classmethod
    def of(cls, definition: type[List]) -> Callable[..., HttpResponseBase]:
        """The view of a registered list, for the table of addresses."""
        known = list_of(definition.code)
        if type(known) is not definition:
            raise LookupError(f"the list {definition.code!r} is not registered")
        view: Callable[..., HttpResponseBase] = login_required(cls.as_view(definition=known))
        return view

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.definition.is_allowed(request.user):
            raise PermissionDenied(_("You have not been granted what this page needs. An administrator can do so."))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        arranged = arranged_for(request.user, self.definition.code)
        if view := self._view_to_open(request, arranged):
            return redirect(f"{request.path}?{view.query}{'&' if view.query else ''}{urlencode({VIEW: view.pk})}")
        asked = Asked(self.definition, request.user, request.GET, columns=arranged.columns)
        if request.headers.get("HX-Target") == "list-further":
            return render(request, "lists/_further.html", {"further": _further(asked)})
        template = "lists/_list.html" if request.headers.get("HX-Target") == "list" else self.definition.template_name
        return render(request, template, self.context(asked, arranged), status=200 if asked.is_valid else 422)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        asked = Asked(self.definition, request.user, request.GET, columns=arranged_for(request.user, self.definition.code).columns)
        if request.POST.get("export") in {"xlsx", "csv"} and self.definition.is_exported:
            return self._export(asked, request.POST["export"])
        act = next((act for act in self.definition.acts if act.code == request.POST.get("act")), None)
        if act is not None:
            self._act(act, request)
        return redirect(request.get_full_path())

    def context(self, asked: Asked, arranged: Arranged) -> dict[str, Any]:
        definition, page = self.definition, asked.page()
        view = arranged.view(read_number(asked.values, VIEW))
        may_select = bool(definition.acts) and bool(page.rows)
        return {
            "list": definition,
            "asked": asked,
            "page": page,
            "rows_html": draw_rows(asked, page, may_select=may_select),
            "may_select": may_select,
            "headings": _headings(asked),
            "near": [field for one in asked.filters if not one.is_further for field in _bound(asked, one)],
            "has_further": any(one.is_further for one in asked.filters),
            "further": _further(asked),
            "is_further_drawn": asked.is_opened or not asked.is_valid,
            "views": arranged.views,
            "view": view,
            "is_changed_view": view is not None and asked.kept_query != view.query,
            "start_view": arranged.start_view,
            "columns_menu": _columns_menu(asked),
            "kept_query": asked.kept_query,
            "at_once": AT_ONCE,
            "crumbs": definition.crumbs(),
        }

    def _view_to_open(self, request: HttpRequest, arranged: Arranged) -> Any:
        """The view that `?view=12` alone asks for, or the one to start with where nothing is asked. `?view=0` is the list as it is."""
        if set(request.GET) - {VIEW}:
            return None
        return arranged.view(read_number(request.GET, VIEW) if VIEW in request.GET else arranged.start_view)

    def _export(self, asked: Asked, kind: str) -> HttpResponseBase:
        if not asked.is_valid:
            return redirect(self.request.get_full_path())
        count = asked.rows.order_by()[: AT_ONCE + 1].count()
        if count > AT_ONCE:
            export = start_export(asked, actor=self.request.user, kind=kind)
            return redirect("lists:export_detail", pk=export.pk)
        note_export(asked, actor=self.request.user, kind=kind, count=count)
        heading = str(self.definition.heading)
        return table_response(kind, f"{heading}-{timezone.localdate():%Y%m%d}", heading, headings_of(asked), rows_of(asked))

    def _act(self, act: RowAct, request: HttpRequest) -> None:
        """Each row by its policy and its service, in a transaction of its own; what was refused is named with its reason."""
        keys = [int(key) for key in request.POST.getlist("row") if key.isascii() and key.isdigit() and len(key) < 19][:MOST_ACTED_ON]
        rows = list(self.definition.rows(request.user).filter(pk__in=keys).select_related(*self.definition.related))
        done: list[Any] = []
        refused = [_("%(count)s rows are no longer there.") % {"count": len(keys) - len(rows)}] if len(rows) < len(keys) else []
        name = self.definition.columns[0]
        for row in rows:
            decision = decide(request.user, act.action, row)
            try:
                if not decision:
                    raise PortalError(str(decision.rule))
                act.do(row, actor=request.user)
                done.append(row)
            except PortalError as error:
                refused.append(f"{name.in_file(row)}: {error}")
        if act.after is not None and done:
            act.after(done, actor=request.user)
        if not keys:
            messages.info(request, _("Choose at least one row first."))
        if done:
            messages.success(
                request, ngettext("%(act)s: done for %(count)s row.", "%(act)s: done for %(count)s rows.", len(done)) % {"act": act.label, "count": len(done)}
            )
        if refused:
            more = len(refused) - MOST_NAMED
            named = " ".join(refused[:MOST_NAMED]) + (" " + _("And %(count)s more.") % {"count": more} if more > 0 else "")
            messages.error(request, _("Not done: %(rows)s") % {"rows": named})


def _bound(asked: Asked, one: Any) -> list[Any]:
    return [asked.form[key] for key in one.keys if key in asked.form.fields]


def _further(asked: Asked) -> list[Any]:
    """The fields behind "More filters": those that are asked for, or all where the page shows them."""
    return [field for one in asked.filters if one.is_further for field in _bound(asked, one)]


def _headings(asked: Asked) -> list[dict[str, Any]]:
    """For the head of the table: what pressing a heading asks for."""
    headings = []
    for column in asked.shown:
        is_sorted = column.key == asked.sort.removeprefix("-")
        direction = ("descending" if asked.sort.startswith("-") else "ascending") if is_sorted else ""
        query = asked.query(sort=f"-{column.key}" if direction == "ascending" else column.key, after=None, before=None) if column.order_by else ""
        headings.append({"label": column.label, "is_number": column.is_number, "direction": direction, "query": query})
    return headings


def _columns_menu(asked: Asked) -> SafeString:
    """Every column, the shown ones first and in their order."""
    shown = [column.key for column in asked.shown]
    others = [column for column in asked.all_columns if column.key not in shown]
    key = (get_language(), asked.definition.code, tuple(shown), tuple(column.key for column in others))
    columns = [{"column": column, "is_shown": column.key in shown} for column in [*asked.shown, *others]]
    return skeleton("lists/_columns.html", key, lambda: {"columns": columns}).fill({})
