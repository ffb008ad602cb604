"""Searching: the page, what is shown while one types, and noting that one has looked."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from portal.access.decorators import employee_required
from portal.search.asking import LONGEST, Asked, understand
from portal.search.engines.base import EngineAwayError
from portal.search.finding import DEEPEST, PAGE, Chosen, Findings, Fit, Result, find, find_entries, find_while_typing
from portal.search.kept import last_look, note_look, note_miss, pinned_for, question_of
from portal.search.offers import PARAMETERS, department_names, facets_of, read_chosen, tell_apart, with_query
from portal.search.policies import keeps_search
from portal.search.question import Order
from portal.search.sources import FILE, Group, kind_for

TYPED = {"people": 4, "pages": 5, "files": 3}
FILES_OFFERED = 8
GROUPS: tuple[Group, ...] = ("people", "pages", "files")


@require_safe
@employee_required
def search(request: HttpRequest) -> HttpResponse:
    """The results; `q` and everything that was chosen stand in the address."""
    asked, chosen = understand(request.GET.get("q", "")), read_chosen(request.GET)
    may_pin = keeps_search(request.user)
    # What an editor looks for to put it first for other words, which find nothing by themselves.
    pin_for = understand(request.GET.get("for", "")).plain if may_pin else ""
    context: dict[str, Any] = {"asked": asked, "chosen": chosen, "longest": LONGEST, "may_pin": may_pin, "pin_for": pin_for}
    if not asked.is_empty or chosen.restricts:
        try:
            context |= _answer(request, asked, chosen)
        except EngineAwayError:
            context["is_away"] = True
    return render(request, "search/search.html", context, status=503 if context.get("is_away") else 200)


@require_safe
@employee_required
def typing(request: HttpRequest) -> HttpResponse:
    """A few results in groups, for the box at the top of every page."""
    asked = understand(request.GET.get("q", ""))
    context: dict[str, Any] = {"asked": asked}
    if not asked.is_empty:
        try:
            found = find_while_typing(request.user, asked, TYPED)
            pinned = find_entries(request.user, pinned_for(asked), asked)
        except EngineAwayError:
            context["is_away"] = True
        else:
            first = {result.entry_id for result in pinned}
            found.results = [*pinned, *(result for result in found.results if result.entry_id not in first)]
            found.total = max(found.total, len(found.results))
            tell_apart(found.results)
            context |= {"found": found, "groups": _grouped(found.results), "words_of_fit": _words_of_fit(found)}
    return render(request, "search/_typing.html", context)


@require_safe
@employee_required
def file_choices(request: HttpRequest) -> HttpResponse:
    """Files that fit what is typed, as choices of a text box: those that this person may see, wherever they hang."""
    asked = understand(request.GET.get("q", ""))
    found: list[Result] = []
    if not asked.is_empty:
        try:
            found = find(request.user, asked, Chosen(kind=FILE), limit=FILES_OFFERED, has_facets=False, is_typing=True).results
        except EngineAwayError:
            return render(request, "search/_files.html", {"is_away": True}, status=503)
    return render(request, "search/_files.html", {"files": found, "asked": asked})


@require_POST
@employee_required
def look_create(request: HttpRequest) -> HttpResponse:
    """The page was looked at: what comes later is new, and what is missing may be written. The page says so by itself, so that looking changes nothing."""
    asked, chosen = understand(request.POST.get("q", "")), read_chosen(request.POST)
    if not asked.is_empty:
        note_look(_question(asked, chosen), actor=request.user)
        if not (chosen.restricts or asked.restricts or asked.excluded) and _finds_nothing(request, asked):
            note_miss(asked, actor=request.user)
    return HttpResponse(status=204)


def _answer(request: HttpRequest, asked: Asked, chosen: Chosen) -> dict[str, Any]:
    last = last_look(_question(asked, chosen), person=request.user)
    is_new_only = last is not None and request.GET.get("new") == "1"
    found = find(request.user, asked, replace(chosen, after=last) if is_new_only else chosen)
    is_first_page = chosen.page == 1 and not is_new_only and not chosen.restricts
    pinned = find_entries(request.user, pinned_for(asked), asked) if is_first_page else []
    first = {one.entry_id for one in pinned}
    fitting = len(found.results) - found.near
    results, near = ([result for result in part if result.entry_id not in first] for part in (found.results[:fitting], found.results[fitting:]))
    return {
        "found": found,
        "pinned": pinned,
        "results": results,
        "near": near,
        "departments": department_names(result.department_id or 0 for result in [*pinned, *results, *near]),
        "facets": facets_of(found, chosen, request.GET),
        "orders": [(label, with_query(request.GET, order=code), chosen.order == order) for label, code, order in _orders()],
        "words_of_fit": _words_of_fit(found),
        "last_look": last,
        "is_ordered": found.total > 1 and found.fit is not Fit.NEAR,
        "choices": sum(bool(getattr(chosen, name)) for name in PARAMETERS) + is_new_only,
        "query_without_choices": with_query(request.GET, new="", **dict.fromkeys(PARAMETERS.values(), "")),
        "deepest": DEEPEST,
        "is_cut": found.total > DEEPEST and chosen.page * PAGE >= DEEPEST,
        "new": _new(request, asked, chosen, last) if last is not None else None,
        "is_new_only": is_new_only,
        "page": Page(results, chosen.page, Paginator(range(min(found.total, DEEPEST)), PAGE)),
    }


def _new(request: HttpRequest, asked: Asked, chosen: Chosen, last: datetime) -> tuple[int, str, str]:
    """How many are new since then; the addresses that show these alone, and all."""
    count = find(request.user, asked, replace(chosen, after=last, page=1), limit=0, has_facets=False).total
    return count, with_query(request.GET, new=1), with_query(request.GET, new="")


def _finds_nothing(request: HttpRequest, asked: Asked) -> bool:
    try:
        found = find(request.user, asked, limit=1, has_facets=False)
    except EngineAwayError:
        return False
    return not found.total or found.fit is Fit.NEAR


def _orders() -> list[tuple[str, str, Order]]:
    return [(_("Best first"), "", Order.RELEVANCE), (_("Newest first"), "newest", Order.NEWEST)]


def _words_of_fit(found: Findings) -> str:
    if not found.total:
        return ""
    return {
        Fit.FORGIVEN: _("Nothing is spelled so. This comes close."),
        Fit.PHRASE: _("Nothing has all of these words. This has what stands in quotes."),
        Fit.NEAR: _("Nothing has all of these words. This comes nearest."),
    }.get(found.fit, "")


def _grouped(results: list[Result]) -> list[tuple[str, list[Result]]]:
    labels = {"people": _("People and departments"), "pages": pgettext("results", "Pages"), "files": _("Files")}
    groups = {code: [result for result in results if (kind := kind_for(result.kind)) and kind.group == code] for code in GROUPS}
    return [(labels[code], found) for code, found in groups.items() if found]


def _question(asked: Asked, chosen: Chosen) -> str:
    return question_of(asked, ((parameter, str(getattr(chosen, name) or "")) for name, parameter in PARAMETERS.items()))
