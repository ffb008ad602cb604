"""Keeping views and columns of lists, and fetching files."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.access.policies import get_permitted
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.foundation.returning import back_to
from portal.foundation.spreadsheets import CSV_TYPE, XLSX_TYPE
from portal.lists.definition import List, all_lists, list_of
from portal.lists.exports import export_storage
from portal.lists.forms import ViewForm
from portal.lists.models import ListExport, SavedView
from portal.lists.services import change_view, choose_columns, choose_start, delete_view, save_view, shared_rule
from portal.runtime.progress import read_progress


def asked_list(user: Any, key: str) -> List:
    """The list of an address. 404 for none, 403 for one that this person may not open."""
    definition = next((one for one in all_lists() if one.key == key), None)
    if definition is None:
        raise Http404
    if not definition.is_allowed(user):
        raise PermissionDenied
    return definition


@require_POST
@login_required
def columns_change(request: HttpRequest, key: str) -> HttpResponse:
    """The columns of a list, `column` in their order; none of them gives the list its own again."""
    definition = asked_list(request.user, key)
    choose_columns(definition, [] if "reset" in request.POST else request.POST.getlist("column"), actor=request.user)
    return back_to(request, request.POST.get("next", ""), otherwise=reverse(definition.url_name))


@require_POST
@login_required
def start_change(request: HttpRequest, key: str) -> HttpResponse:
    """The view that the list opens with: `view`, or nothing for the list as it is."""
    definition = asked_list(request.user, key)
    chosen = request.POST.get("view", "")
    view = get_permitted(SavedView, user=request.user, pk=chosen, list_code=definition.code) if chosen.isascii() and chosen.isdigit() else None
    choose_start(view, actor=request.user, list_code=definition.code)
    messages.success(request, _("The list opens with “%(view)s”.") % {"view": view.name} if view else _("The list opens as it is."))
    return redirect(f"{reverse(definition.url_name)}?view={view.pk if view else 0}")


@method_decorator(login_required, name="dispatch")
class ViewCreate(FormPage):
    """Keep what an address asks (`query`) under a name. An own view of the same name is replaced."""

    form_class = ViewForm
    heading = gettext_lazy("Save the view")
    submit = gettext_lazy("Save")
    is_new_thing = True
    view: SavedView | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> List:
        return asked_list(request.user, kwargs["key"])

    def back_url(self) -> str:
        if self.view is not None:
            return f"{reverse(self.subject.url_name)}?view={self.view.pk}"
        return f"{reverse(self.subject.url_name)}?{self.request.GET.get('query', '')}"

    def crumbs(self) -> list[Crumb]:
        return [(str(self.subject.heading), reverse(self.subject.url_name))]

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.view = save_view(definition=self.subject, query=request.GET.get("query", ""), actor=request.user, **values)
        return _("The view “%(view)s” is saved.") % {"view": self.view.name}


class OwnView:
    """A view of one's own, back to its list."""

    def load(self, request: HttpRequest, **kwargs: Any) -> SavedView:
        view = get_permitted(SavedView, user=request.user, action="change", rows=SavedView.objects.select_related("audience"), pk=kwargs["pk"])
        if list_of(view.list_code) is None:
            raise Http404
        return view

    @property
    def definition(self) -> Any:
        return list_of(self.subject.list_code)  # type: ignore[attr-defined]


@method_decorator(login_required, name="dispatch")
class ViewUpdate(OwnView, FormPage):
    form_class = ViewForm
    template_name = "lists/view_form.html"
    heading = gettext_lazy("Change the view")
    submit = gettext_lazy("Save")

    def form_arguments(self) -> dict[str, Any]:
        return {"may_start": False}

    def initial(self) -> dict[str, Any]:
        return {"name": self.subject.name, "rule": shared_rule(self.subject)}

    def back_url(self) -> str:
        return f"{reverse(self.definition.url_name)}?view={self.subject.pk}"

    def crumbs(self) -> list[Crumb]:
        return [(str(self.definition.heading), reverse(self.definition.url_name))]

    def more_context(self) -> dict[str, Any]:
        return {"view": self.subject}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_view(self.subject, actor=request.user, **values)
        return _("Saved.")


@method_decorator(login_required, name="dispatch")
class ViewDeletion(OwnView, ActPage):
    def back_url(self) -> str:
        return f"{reverse(self.definition.url_name)}?view=0"

    def act(self, request: HttpRequest) -> str:
        delete_view(self.subject, actor=request.user)
        return _("The view “%(view)s” is deleted.") % {"view": self.subject.name}


@require_safe
@login_required
def export_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A file that is being made, or is there to be fetched."""
    return render(request, "lists/export_detail.html", _export_context(request, pk))


@require_safe
@login_required
def export_progress(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "lists/_export.html", _export_context(request, pk))


@require_safe
@login_required
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, for whoever asked for it."""
    export = get_permitted(ListExport, user=request.user, pk=pk)
    definition = list_of(export.list_code)
    if definition is None or not definition.is_allowed(request.user) or not export.file or not export_storage().exists(export.file):
        raise Http404
    return FileResponse(
        export_storage().open(export.file),
        as_attachment=True,
        filename=export.get_file_name(definition.heading),
        content_type=CSV_TYPE if export.kind == "csv" else XLSX_TYPE,
    )


def _export_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    export = get_permitted(ListExport, user=request.user, pk=pk)
    definition = list_of(export.list_code)
    if definition is None:
        raise Http404
    done, total = read_progress(f"export:{export.pk}") or (export.done, export.total)
    back = f"{reverse(definition.url_name)}?{export.query}"
    return {"export": export, "list": definition, "name": export.get_file_name(definition.heading), "done": done, "total": total, "back": back}
