"""The staff answer, and what stands on paper is typed in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from crm.surveys.errors import SurveysError
from crm.surveys.forms import SheetsForm
from crm.surveys.models import Sheet, Survey
from crm.surveys.paths import Given
from crm.surveys.reached import published_version
from crm.surveys.services.answering import answer_as_staff, answer_on_paper, find_sheet, refuse_closed, refuse_twice
from crm.surveys.services.drafts import walk_of
from crm.surveys.services.sheets import make_sheets
from crm.surveys.views.loading import OfSurvey, crumbs, load_survey
from crm.surveys.views.surveys import drawn_rows
from crm.surveys.walking import Walk
from portal.access.decorators import employee_required
from portal.foundation.asking import read_number
from portal.foundation.form_pages import Crumb

MOST_PRINTED = 500


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def survey_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Page by page; gone on with where they stopped, unless it is anonymous."""
    survey = load_survey(request, pk, "answer")
    context: dict[str, Any] = {"survey": survey, "crumbs": [*crumbs(), (str(survey), survey.get_absolute_url())]}
    try:
        refuse_closed(survey)
        version = published_version(survey, request.POST)
        assert version is not None
        refuse_twice(survey, survey.invitations.filter(person=request.user.pk).first())
        walk = walk_of(survey, version, request.POST if request.method == "POST" else None, person=request.user)
        if walk.is_done:
            answer_as_staff(version, actor=request.user, given=walk.given)
            return render(request, "crm/surveys/answered.html", context)
    except SurveysError as error:
        return render(request, "crm/surveys/answered.html", context | {"refusal": str(error)}, status=409)
    status = 422 if walk.form.is_bound and walk.form.errors else 200
    return render(request, "crm/surveys/answer.html", context | walk.context, status=status)


@method_decorator(employee_required, name="dispatch")
class SheetsMake(OfSurvey):
    """So many sheets more; then they are printed."""

    form_class = SheetsForm
    template_name = "crm/surveys/sheets.html"
    heading = gettext_lazy("On paper")
    submit = gettext_lazy("Make sheets")
    note = gettext_lazy("Each sheet has a number of its own. What was filled in is typed in under it, once.")
    made: list[Sheet] | None = None

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (str(self.subject), self.subject.get_absolute_url())]

    def initial(self) -> dict[str, Any]:
        return {"number": 20}

    def back_url(self) -> str:
        return f"{self.subject.get_absolute_url()}sheets/"

    def more_context(self) -> dict[str, Any]:
        rows = self.subject.sheets.all()
        return {"survey": self.subject, "made": rows.count(), "spent": rows.filter(is_spent=True).count(), "batches": batches(self.subject)}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        made = make_sheets(self.subject, actor=request.user, number=values["number"])
        return _("Sheets %(first)s to %(last)s are made. Print them.") % {"first": made[0].number, "last": made[-1].number}


def batches(survey: Survey, size: int = 50) -> list[tuple[int, int]]:
    """The numbers that are printed at once, the newest first."""
    numbers = list(survey.sheets.values_list("number", flat=True))
    parts = [numbers[start : start + size] for start in range(0, len(numbers), size)]
    return [(part[0], part[-1]) for part in reversed(parts)]


@require_safe
@employee_required
def sheets_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Those from `?from=` to `?to=`."""
    survey = load_survey(request, pk, "keep")
    first, last = read_number(request.GET, "from", 0), read_number(request.GET, "to", 0)
    rows = survey.sheets.filter(number__gte=min(first, 2**31 - 1), number__lte=min(last, 2**31 - 1)).select_related("version")[:MOST_PRINTED]
    drawn: dict[int, list[dict[str, Any]]] = {}
    sheets = []
    for sheet in rows:
        if sheet.version_id not in drawn:
            drawn[sheet.version_id] = drawn_rows(sheet.version)
        sheets.append((sheet, drawn[sheet.version_id]))
    context = {"survey": survey, "sheets": sheets, "crumbs": [*crumbs(), (str(survey), survey.get_absolute_url())]}
    return render(request, "crm/surveys/sheets_print.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def sheet_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """`?number=` is asked first; then the whole sheet stands on one page."""
    survey = load_survey(request, pk, "keep")
    number = read_number(request.POST or request.GET, "number", 0)
    context: dict[str, Any] = {"survey": survey, "number": number or "", "crumbs": [*crumbs(), (str(survey), survey.get_absolute_url())]}
    if not number and request.method != "POST":
        return render(request, "crm/surveys/sheet_enter.html", context)
    try:
        sheet = find_sheet(survey, min(number, 2**31 - 1))
        walk = Walk.gone_on(sheet.version, request.POST, is_whole=True) if request.method == "POST" else Walk(sheet.version, is_whole=True)
        if sheet.is_spent:
            raise SurveysError(_("Sheet %(number)s was entered already.") % {"number": number})
        if walk.is_done:
            return _entered(request, survey, number, walk.given)
    except SurveysError as error:
        return render(request, "crm/surveys/sheet_enter.html", context | {"refusal": str(error)}, status=422)
    status = 422 if walk.form.is_bound and walk.form.errors else 200
    return render(request, "crm/surveys/sheet_enter.html", context | walk.context | {"is_sheet": True}, status=status)


def _entered(request: HttpRequest, survey: Survey, number: int, given: dict[str, Given]) -> HttpResponse:
    answer_on_paper(survey, actor=request.user, number=number, given=given)
    messages.success(request, _("Sheet %(number)s is entered. The next one?") % {"number": number})
    return redirect("crm:sheet_enter", pk=survey.pk)
