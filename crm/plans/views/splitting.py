"""A line is split: proposed by weights that are shown, changed by hand, saved."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.plans.errors import PlansError, SplitMeanwhileError
from crm.plans.models import PlanLine
from crm.plans.policies import KEEPERS_ONLY, keeps
from crm.plans.services.plans import Part, split_line, state_of
from crm.plans.services.proposing import Candidate, candidates_of, propose
from crm.plans.units import plain_number, read_amount, say_amount, say_number, unit_of
from crm.plans.views.plans import crumbs, load_line, load_plan
from portal.access.decorators import employee_required

LONGEST = 24


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def plan_split(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """GET shows the parts; POST proposes by the weights chosen (`act=propose`), or saves."""
    plan = load_plan(request, pk)
    held = load_line(request, plan, line)
    if held.person_id is not None or not keeps(request.user, held.department):
        raise PermissionDenied(KEEPERS_ONLY)
    candidates = candidates_of(held, request.user)
    seen = state_of(held, list(held.parts.all()))
    asked: dict[str, str] = {"by": held.split_by or PlanLine.By.SOLD, "held_back": str(plain_number(plan, held.held_back))}
    typed = {one.key: str(plain_number(plan, one.amount)) for one in candidates}
    weights = {one.key: str(one.weight or "") for one in candidates}
    wrong = ""
    if request.method == "POST":
        asked = {"by": _read(request, "by"), "held_back": _read(request, "held_back")}
        typed = {one.key: _read(request, one.key) for one in candidates}
        weights = {one.key: _read(request, f"w-{one.key}") for one in candidates}
        seen = request.POST.get("seen", "")[:LONGEST]
        try:
            if request.POST.get("act") == "propose":
                candidates, typed, weights = _proposed(held, candidates, asked, weights)
            else:
                _save(request, held, candidates, asked, typed, weights, seen)
                messages.success(request, _("Split."))
                return redirect(plan.get_absolute_url())
        except PlansError as error:
            wrong = str(error)
            seen = error.state if isinstance(error, SplitMeanwhileError) else seen
    context = {
        "plan": plan,
        "line": held,
        "whole": say_amount(plan, held.amount),
        "whole_plain": plain_number(plan, held.amount),
        "unit": unit_of(plan),
        "ways": PlanLine.By.choices,
        "asked": asked,
        "seen": seen,
        "wrong": wrong,
        "rows": [(one, say_number(plan, one.sold), weights[one.key], typed[one.key]) for one in candidates],
        "crumbs": [*crumbs(), (str(plan), plan.get_absolute_url())],
    }
    return render(request, "crm/plans/plan_split.html", context, status=422 if wrong else 200)


def _read(request: HttpRequest, key: str) -> str:
    return request.POST.get(key, "").strip()[:LONGEST]


def _proposed(
    line: PlanLine, candidates: list[Candidate], asked: dict[str, str], weights: dict[str, str]
) -> tuple[list[Candidate], dict[str, str], dict[str, str]]:
    plan = line.version.plan
    held_back = read_amount(plan, asked["held_back"])
    found = propose(line, candidates, by=asked["by"], held_back=held_back, weights=_weights(weights))
    return found, {one.key: str(plain_number(plan, one.amount)) for one in found}, {one.key: str(one.weight) for one in found}


def _save(
    request: HttpRequest, line: PlanLine, candidates: list[Candidate], asked: dict[str, str], typed: dict[str, str], weights: dict[str, str], seen: str
) -> None:
    plan, used = line.version.plan, _weights(weights)
    given = [replace(one, amount=read_amount(plan, typed[one.key]), weight=used.get(one.key, 0)) for one in candidates]
    parts = [Part(one.department, one.person, one.amount, one.weight) for one in given if one.amount]
    by: Any = asked["by"] if asked["by"] in PlanLine.By.values else PlanLine.By.HAND
    split_line(line, actor=request.user, seen=seen, held_back=read_amount(plan, asked["held_back"]), parts=parts, by=by)


def _weights(typed: dict[str, str]) -> dict[str, int]:
    found = {}
    for key, text in typed.items():
        plain = text.replace(",", "")
        if plain and not (plain.isascii() and plain.isdigit() and len(plain) < 16):
            raise PlansError(_("“%(text)s” is no weight. Write a whole number.") % {"text": text})
        found[key] = int(plain or 0)
    return found
