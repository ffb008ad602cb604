"""The analysis as it comes in, and the words that were written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from crm.surveys.analysis import FEWEST, Analysis, Asked, Figures, analyse, possible_cuts, texts_of
from crm.surveys.models import Question, Survey
from crm.surveys.views.loading import crumbs, load_survey
from portal.access.decorators import employee_required
from portal.foundation.asking import read_number, read_words
from portal.foundation.charts import Series, bar_chart
from portal.foundation.spreadsheets import table_response
from portal.organization.querysets import today

Kind = Question.Kind
MOST_TEXTS, SHOWN_TEXTS = 50, 5
MOST_BARS = 24
HIDDEN = "·"  # too few


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def survey_analysis(request: HttpRequest, pk: int) -> HttpResponseBase:
    """`?version=` alone, `?cut=` by what. GET shows, POST takes it away as XLSX or CSV (`kind`)."""
    survey = load_survey(request, pk, "keep")
    versions = list(survey.versions.filter(published_at__isnull=False).order_by("number").values_list("number", flat=True))
    version = read_number(request.GET, "version", 0)
    version = version if version in versions else 0
    cuts = possible_cuts(survey)
    cut = read_words(request.GET, "cut")
    cut = cut if cut in dict(cuts) else ""
    found = analyse(survey, version=version, cut=cut)
    if request.method == "POST":
        return _file(survey, found, "csv" if request.POST.get("kind") == "csv" else "xlsx")
    context = {
        "survey": survey,
        "found": found,
        "rows": [_row(survey, one, version) for one in found.questions],
        "versions": versions if len(versions) > 1 else [],
        "version": version,
        "cuts": cuts,
        "cut": cut,
        "fewest": FEWEST,
        "crumbs": [*crumbs(), (str(survey), survey.get_absolute_url())],
    }
    return render(request, "crm/surveys/analysis.html", context)


def _row(survey: Survey, one: Asked, version: int) -> dict[str, Any]:
    parts = one.parts(one.whole)
    has_texts = (one.question.kind == Kind.TEXT or one.question.has_other) and not one.whole.is_hidden
    return {
        "asked": one,
        "parts": [(part, [_cell(one, figures, part.key) for _label, figures in one.cuts]) for part in parts],
        "chart": _chart(one),
        "middles": _middles(one.whole),
        "is_ranking": one.question.kind == Kind.RANKING,
        "cuts": [(label, HIDDEN if figures.is_hidden else _middles(figures).get("mean", "")) for label, figures in one.cuts],
        "texts": texts_of(survey, one.question.key, version)[:SHOWN_TEXTS] if has_texts else [],
    }


def _cell(one: Asked, figures: Figures, key: str) -> str:
    """Of one part of a cut: the mean rank, or the share of those who were asked."""
    if figures.is_hidden:
        return HIDDEN
    part = next((part for part in one.parts(figures) if part.key == key), None)
    if one.question.kind == Kind.RANKING:
        return f"{part.mean_rank}" if part is not None and part.mean_rank is not None else ""
    return f"{part.share}%" if part is not None else "0.0%"


def _middles(figures: Figures) -> dict[str, str]:
    if figures.mean is None or figures.median is None:
        return {}
    return {"mean": f"{figures.mean:,.2f}", "median": f"{figures.median:,.4g}", "least": f"{figures.least:,.4g}", "most": f"{figures.most:,.4g}"}


def _chart(one: Asked) -> SafeString | str:
    if one.whole.is_hidden or not one.whole.answered:
        return ""
    answers = pgettext("of a survey", "answers")
    if one.question.kind == Kind.NUMBER:
        return bar_chart(answers, [label for label, _count in one.spread], [Series(answers, [count for _label, count in one.spread])])
    parts = one.parts(one.whole)[:MOST_BARS]
    if not parts:
        return ""
    labels = [part.label for part in parts]
    if one.question.kind == Kind.RANKING:
        return bar_chart(_("first places"), labels, [Series(_("first places"), [part.firsts for part in parts])])
    return bar_chart(answers, labels, [Series(answers, [part.count for part in parts])])


def _file(survey: Survey, found: Analysis, kind: str) -> HttpResponseBase:
    headings = [_("No."), _("Question"), _("Part"), _("Answer"), _("Count"), _("Share of those asked, %"), _("Asked"), _("Answered"), _("Mean"), _("Median")]
    cells: list[list[Any]] = []
    for one in found.questions:
        for label, figures in [(_("all"), one.whole), *one.cuts]:
            cells += _cells(one, label, figures)
    name = f"{survey.title}-{today():%Y%m%d}"
    return table_response(kind, name, _("Survey"), headings, cells)


def _cells(one: Asked, label: str, figures: Figures) -> list[list[Any]]:
    begun = [one.number, one.question.text, label]
    if figures.is_hidden:
        return [[*begun, _("fewer than %(fewest)s answers") % {"fewest": FEWEST}, None, None, None, None, None, None]]
    ends = [figures.asked, figures.answered, figures.mean, figures.median]
    rows = [[*begun, part.label, part.count, part.share, *ends] for part in one.parts(figures)]
    if one.question.kind == Kind.NUMBER and figures is one.whole:
        rows = [[*begun, words, count, None, *ends] for words, count in one.spread]
    return rows or [[*begun, pgettext("of a kind of question", "words"), figures.answered, None, *ends]]


@require_safe
@employee_required
def survey_texts(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The words that were written to one question, `?page=` by page."""
    survey = load_survey(request, pk, "keep")
    question = Question.objects.filter(version__survey=survey, version__published_at__isnull=False, key=key).order_by("-version__number").first()
    if question is None:
        raise Http404
    page = max(1, min(read_number(request.GET, "page", 1), 10_000))
    start = (page - 1) * MOST_TEXTS
    rows = list(texts_of(survey, key)[start : start + MOST_TEXTS + 1])
    context = {
        "survey": survey,
        "question": question,
        "rows": rows[:MOST_TEXTS],
        "page": page,
        "before": page - 1,
        "after": page + 1 if len(rows) > MOST_TEXTS else 0,
        "crumbs": [*crumbs(), (str(survey), survey.get_absolute_url()), (_("Analysis"), f"{survey.get_absolute_url()}analysis/")],
    }
    return render(request, "crm/surveys/texts.html", context)
