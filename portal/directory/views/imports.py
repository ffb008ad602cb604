"""The roster import, step by step: upload, columns, preview, progress, result; and first passwords for those who have none."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from portal.access.capabilities import MANAGE_ORGANIZATION
from portal.access.decorators import capability_required
from portal.access.policies import get_permitted
from portal.accounts.models import User
from portal.accounts.services import set_first_password
from portal.audit.services import record
from portal.directory.forms import ConfirmationForm, UploadForm
from portal.directory.people import asked_department, department_options, place_label
from portal.foundation.errors import PortalError
from portal.foundation.spreadsheets import xlsx_response
from portal.organization.models import Department, Employment, Position, RosterImport
from portal.organization.places import position_labels
from portal.organization.querysets import today
from portal.organization.roster.columns import FIELDS, FIELDS_BY_CODE
from portal.organization.roster.plan import Kind, Plan
from portal.organization.roster.planning import POSITION
from portal.organization.roster.present import read_present
from portal.organization.roster.template import WIDTHS, template_headings, template_rows
from portal.organization.roster.tree import DEPARTMENT
from portal.organization.services.imports import confirm_import, plan_import, repeat_import, start_import
from portal.runtime.progress import read_progress

IMPORTS_PER_PAGE = 20
LINES_PER_PAGE = 100
TONES = {Kind.REFUSED: "urgent", Kind.LEFT: "urgent", Kind.NEW: "notice", Kind.RETURNS: "notice", Kind.MOVED: "due"}
SAMPLE_ROWS = 8
MOST_NAMES = 200
MOST_PASSWORDS = 100  # a hash takes some 50 ms on purpose, and the file is made while one waits

keeper_required = capability_required(MANAGE_ORGANIZATION)


@require_GET
@keeper_required
def import_list(request: HttpRequest) -> HttpResponse:
    imports = RosterImport.objects.defer("rows", "plan").select_related("actor")
    page = Paginator(imports, IMPORTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "without_password": _without_password().count(), "departments": department_options(), "most_passwords": MOST_PASSWORDS}
    return render(request, "directory/import_list.html", context)


@method_decorator(keeper_required, name="dispatch")
class ImportCreate(View):
    """Uploading a roster."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "directory/import_form.html", {"form": UploadForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                roster_import = start_import(content=file.read(), file_name=file.name or "", actor=request.user)
            except PortalError as error:
                form.add_error("file", str(error))
            else:
                return redirect("organization:import_detail", pk=roster_import.pk)
        return render(request, "directory/import_form.html", {"form": form}, status=422)


@require_GET
@keeper_required
def import_template(request: HttpRequest) -> HttpResponseBase:
    """The present roster as a file that an import understands."""
    with transaction.atomic():
        present = read_present(today(), settings.ENVIRONMENT.plant_name)
        record(request.user, "roster.exported", after={"people": len(present.people)})
    return xlsx_response(f"{_('roster')} {today():%Y-%m-%d}", _("roster"), template_headings(), template_rows(present), widths=WIDTHS)


@require_GET
@keeper_required
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an import stands: its columns, its preview, its progress or its result."""
    roster_import = get_permitted(RosterImport, user=request.user, rows=RosterImport.objects.select_related("actor"), pk=pk)
    if roster_import.status == RosterImport.Status.DRAFT or (roster_import.status == RosterImport.Status.PLANNED and "columns" in request.GET):
        return _columns_page(request, roster_import)
    return plan_page(request, roster_import, ConfirmationForm())


@require_POST
@keeper_required
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep which column is which, and plan; also to plan anew after the plant has changed."""
    roster_import = get_permitted(RosterImport, user=request.user, action="change", pk=pk)
    try:
        header_row, mapping = _asked_columns(request, roster_import)
        plan_import(roster_import, header_row=header_row, mapping=mapping, is_complete="is_complete" in request.POST, actor=request.user)
    except PortalError as error:
        return _columns_page(request, roster_import, str(error), status=422)
    return redirect("organization:import_detail", pk=pk)


@require_POST
@keeper_required
def import_confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    roster_import = get_permitted(RosterImport, user=request.user, action="change", pk=pk)
    try:
        confirm_import(roster_import, leaves_out_refused="leaves_out_refused" in request.POST, actor=request.user)
    except PortalError as error:
        form = ConfirmationForm(request.POST)
        form.add_error(None, str(error))
        return plan_page(request, roster_import, form, status=422)
    return redirect("organization:import_detail", pk=pk)


@require_POST
@keeper_required
def import_repetition(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan anew what failed, from the rows that were kept."""
    roster_import = get_permitted(RosterImport, user=request.user, action="change", pk=pk)
    try:
        again = repeat_import(roster_import, actor=request.user)
    except PortalError as error:
        messages.error(request, str(error))
        return redirect("organization:import_detail", pk=pk)
    return redirect("organization:import_detail", pk=again.pk)


@require_GET
@never_cache
@keeper_required
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar that the page asks for while the work is under way; when it is over, the page is loaded anew."""
    roster_import = get_permitted(RosterImport, user=request.user, rows=RosterImport.objects.defer("rows", "plan"), pk=pk)
    if roster_import.status != RosterImport.Status.RUNNING:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return render(request, "directory/_progress.html", _progress(roster_import))


@require_POST
@never_cache
@sensitive_variables()
@keeper_required
def password_sheet(request: HttpRequest) -> HttpResponseBase:
    """First passwords for those at work who have none, of one department or all, as a file that can be had only now. A large plant takes several."""
    department = asked_department(request.POST.get("department", ""))
    people = list(_without_password(department).order_by("employee_number")[:MOST_PASSWORDS])
    posts = {
        post.person_id: post for post in Employment.objects.current().primary().filter(person__in=people).select_related("department__parent").order_by("pk")
    }
    with transaction.atomic():
        rows = []
        for person in people:
            place = place_label(posts[person.pk].department) if person.pk in posts else ""
            rows.append([person.employee_number, person.name, place, set_first_password(person, actor=request.user)])
        record(request.user, "passwords.issued", after={"people": len(rows)})
    headings = [_("Employee number"), _("Name"), _("Department"), _("First password")]
    response = xlsx_response(f"{_('first passwords')} {today():%Y-%m-%d}", _("first passwords"), headings, rows, widths=(14, 14, 24, 20))
    response["Cache-Control"] = "no-store"
    return response


def _without_password(department: Department | None = None) -> Any:
    """Employees at work, of a department with those below it or of all, whose account was never given a password."""
    held = Employment.objects.current()
    if department is not None:
        held = held.filter(department__path__startswith=department.path)
    return User.objects.active().employees().filter(pk__in=held.values("person"), password__startswith=UNUSABLE_PASSWORD_PREFIX)


def _columns_page(request: HttpRequest, roster_import: RosterImport, error: str = "", status: int = 200) -> HttpResponse:
    by_column = {column: code for code, column in roster_import.mapping.items()}
    rows = roster_import.rows
    width = max((len(row) for row in rows[:200]), default=0)
    header = roster_import.header_row
    heading = rows[header] if header is not None and header < len(rows) else []
    start = 0 if header is None else header + 1
    sample = [row for row in rows[start : start + 60] if any(cell not in ("", None) for cell in row)][:SAMPLE_ROWS]
    columns = [
        {
            "index": index,
            "heading": heading[index] if index < len(heading) else "",
            "field": by_column.get(index, ""),
            "samples": [_shown(row[index]) for row in sample if index < len(row) and row[index] not in ("", None)][:3],
        }
        for index in range(width)
    ]
    context = {
        "roster_import": roster_import,
        "columns": columns,
        "fields": FIELDS,
        "header_number": "" if header is None else header + 1,
        "error": error,
        "row_count": len(rows),
    }
    return render(request, "directory/import_columns.html", context, status=status)


def _asked_columns(request: HttpRequest, roster_import: RosterImport) -> tuple[int | None, dict[str, int]]:
    """What the form says: `header_row` counted from 1, and `column_<index>` = field. The first column of a field wins."""
    text = request.POST.get("header_row", "")
    header_row = int(text) - 1 if text.isdecimal() and 0 < int(text[:9]) <= len(roster_import.rows) else None
    mapping: dict[str, int] = {}
    if not any(key.startswith("column_") for key in request.POST):
        return roster_import.header_row, roster_import.mapping
    for key, code in request.POST.items():
        index = key.removeprefix("column_")
        if key.startswith("column_") and index.isdecimal() and len(index) < 4 and code in FIELDS_BY_CODE:
            mapping.setdefault(code, int(index))
    return header_row, mapping


def plan_page(
    request: HttpRequest,
    roster_import: RosterImport,
    form: ConfirmationForm,
    status: int = 200,
    *,
    typed: Mapping[str, str] | None = None,
    name_errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The preview. `typed` is what was typed for the names that are asked about, `name_errors` what is wrong with it, by kind and name."""
    plan = Plan.from_json(roster_import.plan or {"departments": [], "positions": [], "lines": []})
    kind = request.GET.get("kind", "")
    kinds = [known.value for known in Kind]
    lines = [line for line in plan.lines if line.kind == kind] if kind in kinds else [line for line in plan.lines if line.kind is not Kind.UNCHANGED]
    page = Paginator(lines, LINES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "roster_import": roster_import,
        "form": form,
        "plan": plan,
        "kind": kind if kind in kinds else "",
        "kinds": [{"code": known.value, "label": kind_label(known), "count": plan.counts[known.value]} for known in Kind],
        "page": page,
        "lines": [_line(line) for line in page.object_list],
        "new_departments": [_path(plan, department) for department in plan.departments],
        "refused": plan.counts["refused"],
        "effects": sum(1 for line in plan.lines if line.has_effect),
    } | _names(roster_import, plan, typed or {}, name_errors or {})
    context |= _progress(roster_import)
    return render(request, "directory/import_detail.html", context, status=status)


def _names(roster_import: RosterImport, plan: Plan, typed: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Any]:
    """The names that the plant does not know, while they can be answered: first those near to one that it has, then the others."""
    if roster_import.status != RosterImport.Status.PLANNED or not plan.questions:
        return {}
    nouns = {DEPARTMENT: _("department"), POSITION: _("position")}
    asked: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for number, question in enumerate(plan.questions[:MOST_NAMES]):
        key = f"{question.kind} {question.text}"
        row = {"number": number, "question": question, "noun": nouns[question.kind], "typed": typed.get(key, ""), "error": errors.get(key, "")}
        (asked if question.candidates or question.answer is not None or row["error"] else others).append(row)
    return {
        "asked_names": asked,
        "other_names": others,
        "open_names": len(plan.open_questions),
        "name_error": errors.get("", ""),
        "known_departments": department_options(),
        "known_positions": list(position_labels(Position.objects.all()).values()),
    }


def _line(line: Any) -> dict[str, Any]:
    changes = [
        {"label": FIELDS_BY_CODE[name].label if name in FIELDS_BY_CODE else name, "before": before, "after": after}
        for name, (before, after) in line.changes.items()
        if not (line.kind is Kind.NEW and name == "name")
    ]
    faults = [{"label": FIELDS_BY_CODE[fault.field].label if fault.field in FIELDS_BY_CODE else "", "sentence": fault.sentence} for fault in line.faults]
    return {
        "line": line,
        "label": kind_label(line.kind),
        "tone": TONES.get(line.kind, ""),
        "changes": changes,
        "faults": faults,
        "on": line.start if line.on else None,
        "is_known": line.kind in {Kind.CHANGED, Kind.MOVED},
    }


def _path(plan: Plan, department: Any) -> str:
    by_key = {new.key: new for new in plan.departments}
    names = [department.name]
    parent = department.parent
    while parent in by_key:
        names.insert(0, by_key[parent].name)
        parent = by_key[parent].parent
    known = Department.objects.filter(pk=parent).exclude(parent=None).first() if isinstance(parent, int) else None
    return "/".join(([place_label(known)] if known else []) + names)


def _progress(roster_import: RosterImport) -> dict[str, Any]:
    done, total = read_progress(f"roster:{roster_import.pk}") or (0, 0) if roster_import.status == RosterImport.Status.RUNNING else (0, 0)
    return {"done": done, "total": total, "progress_url": reverse("organization:import_progress", args=[roster_import.pk])}


def _shown(cell: Any) -> str:
    return str(cell["date"] if isinstance(cell, dict) else cell)[:40]


def kind_label(kind: Kind) -> str:
    """What becomes of a line, in a word."""
    return {
        Kind.NEW: _("taken on"),
        Kind.CHANGED: _("changed"),
        Kind.MOVED: _("moved"),
        Kind.RETURNS: _("returns"),
        Kind.LEFT: _("left"),
        Kind.UNCHANGED: _("unchanged"),
        Kind.REFUSED: _("refused"),
    }[kind]
