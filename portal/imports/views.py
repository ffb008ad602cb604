"""An import, step by step: upload, columns, preview, progress, result. Each view is given the declaration by `importer_urls`."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.access.policies import get_permitted
from portal.audit.services import record
from portal.foundation.errors import PortalError
from portal.foundation.spreadsheets import xlsx_response
from portal.imports.columns_page import ChosenColumns, asked_columns, columns_context
from portal.imports.definition import Importer
from portal.imports.forms import ConfirmationForm, UploadForm
from portal.imports.models import Import
from portal.imports.preview import addresses_of, preview_context, progress_context
from portal.imports.refused import refused_rows
from portal.imports.services import confirm_import, plan_import, repeat_import, start_import

IMPORTS_PER_PAGE = 20


def import_list(request: HttpRequest, importer: Importer[Any]) -> HttpResponse:
    """The imports so far."""
    imports = Import.objects.filter(importer=importer.code).defer("rows", "plan", "mapping", "meant").select_related("actor")
    page = Paginator(imports, IMPORTS_PER_PAGE).get_page(request.GET.get("page"))
    labels = {kind.code: kind.label for kind in importer.kinds}
    context = {
        "importer": importer,
        "page": page,
        "counted": [labels[code] for code in importer.counted],
        "rows": [{"one": one, "address": addresses_of(importer, one.pk)["detail"], "counts": _counts(importer, one, labels)} for one in page],
        "addresses": addresses_of(importer),
    }
    return render(request, importer.list_template, context | importer.list_context(request))


def import_create(request: HttpRequest, importer: Importer[Any]) -> HttpResponse:
    """Uploading a file."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            started = start_import(importer.code, content=file.read(), file_name=file.name or "", actor=request.user)
        except PortalError as error:
            form.add_error("file", str(error))
        else:
            return redirect(addresses_of(importer, started.pk)["detail"])
    context = {"importer": importer, "form": form, "addresses": addresses_of(importer)}
    return render(request, "imports/upload.html", context, status=422 if form.is_bound else 200)


def import_template(request: HttpRequest, importer: Importer[Any]) -> HttpResponseBase:
    """What there is now as a file that an import understands."""
    with transaction.atomic():
        rows = list(importer.template_rows())
        record(request.user, "import.exported", after={"import": importer.code, "rows": len(rows)})
    headings = [column.own_heading for column in importer.filled]
    return xlsx_response(f"{importer.heading} {timezone.localdate():%Y-%m-%d}", str(importer.heading), headings, rows, widths=importer.template_widths)


def import_detail(request: HttpRequest, importer: Importer[Any], pk: int) -> HttpResponse:
    """Where an import stands: its columns, its preview, its progress or its result."""
    shown = _permitted(request, importer, pk, "view")
    if shown.status == Import.Status.DRAFT or (shown.status == Import.Status.PLANNED and "columns" in request.GET):
        return _columns_page(request, importer, shown, ChosenColumns.of(shown))
    return plan_page(request, importer, shown)


def import_columns(request: HttpRequest, importer: Importer[Any], pk: int) -> HttpResponse:
    """Keep which column is which, and plan; also to plan anew after something has changed."""
    planned = _permitted(request, importer, pk)
    chosen = asked_columns(request, importer, planned)
    try:
        plan_import(planned, header_row=chosen.header_row, mapping=chosen.mapping(importer), options=chosen.options, actor=request.user)
    except PortalError as error:
        return _columns_page(request, importer, planned, chosen, error=str(error), status=422)
    return redirect(addresses_of(importer, pk)["detail"])


def import_confirmation(request: HttpRequest, importer: Importer[Any], pk: int) -> HttpResponse:
    planned = _permitted(request, importer, pk)
    try:
        confirm_import(planned, leaves_out_refused="leaves_out_refused" in request.POST, actor=request.user)
    except PortalError as error:
        form = ConfirmationForm(request.POST)
        form.add_error(None, str(error))
        return plan_page(request, importer, planned, form, status=422)
    return redirect(addresses_of(importer, pk)["detail"])


def import_repetition(request: HttpRequest, importer: Importer[Any], pk: int) -> HttpResponse:
    """Plan anew what failed, from the rows that were kept."""
    failed = _permitted(request, importer, pk)
    try:
        again = repeat_import(failed, actor=request.user)
    except PortalError as error:
        messages.error(request, str(error))
        return redirect(addresses_of(importer, pk)["detail"])
    return redirect(addresses_of(importer, again.pk)["detail"])


def import_refused(request: HttpRequest, importer: Importer[Any], pk: int) -> HttpResponseBase:
    """The refused lines as they stood in the file, each with its reasons."""
    shown = _permitted(request, importer, pk, "view")
    headings, rows = refused_rows(importer, shown)
    with transaction.atomic():
        record(request.user, "import.exported", shown, after={"import": importer.code, "refused": len(rows)})
    heading = _("refused lines")
    return xlsx_response(f"{shown.file_name.rpartition('.')[0] or shown.file_name} {heading}", heading, headings, rows)


@never_cache
def import_progress(request: HttpRequest, importer: Importer[Any], pk: int) -> HttpResponse:
    """The bar that the page asks for while the work is under way; when it is over, the page is loaded anew."""
    rows = Import.objects.filter(importer=importer.code).defer("rows", "plan")
    running = get_permitted(Import, user=request.user, rows=rows, pk=pk)
    if running.status != Import.Status.RUNNING:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return render(request, "imports/_progress.html", progress_context(running))


def plan_page(
    request: HttpRequest,
    importer: Importer[Any],
    shown: Import,
    form: ConfirmationForm | None = None,
    status: int = 200,
    *,
    typed: Mapping[str, str] | None = None,
    name_errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The preview. `typed` is what was typed for the names that are asked about, `name_errors` what is wrong with it, by kind and name."""
    context = preview_context(request, importer, shown, typed or {}, name_errors or {})
    return render(request, "imports/detail.html", context | {"form": form or ConfirmationForm()}, status=status)


def _columns_page(request: HttpRequest, importer: Importer[Any], shown: Import, chosen: ChosenColumns, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {"importer": importer, "error": error, "addresses": addresses_of(importer, shown.pk)} | columns_context(importer, shown, chosen)
    return render(request, "imports/columns.html", context, status=status)


def _permitted(request: HttpRequest, importer: Importer[Any], pk: int, action: str = "change") -> Import:
    rows = Import.objects.filter(importer=importer.code).select_related("actor").defer("rows")  # megabytes, which only some pages look at
    return get_permitted(Import, user=request.user, action=action, rows=rows, pk=pk)


def _counts(importer: Importer[Any], one: Import, labels: Mapping[str, Any]) -> list[tuple[Any, int]]:
    return [(labels[code], one.counts.get(code, 0)) for code in importer.counted]
