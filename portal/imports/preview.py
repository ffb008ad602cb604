"""The preview of an import: what becomes of each line, what is made besides, and which names are asked about."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from portal.imports.definition import Importer, LineKind
from portal.imports.models import Import
from portal.imports.plan import Kind, Plan, PlannedLine
from portal.imports.refused import place_of
from portal.runtime.progress import read_progress

LINES_PER_PAGE = 100
MOST_NAMES = 200
PAGES = ("detail", "columns", "names", "refused", "confirmation", "repetition", "progress")


def addresses_of(importer: Importer[Any], pk: int | None = None) -> dict[str, str]:
    """The pages of an import by their short names, for templates that do not know whose it is."""
    addresses = {name: reverse(f"{importer.url_prefix}_{name}") for name in ("list", "create", "template")}
    if importer.home:
        addresses["home"] = reverse(importer.home[1])
    if pk is not None:
        addresses |= {name: reverse(f"{importer.url_prefix}_{name}", args=[pk]) for name in PAGES}
    return addresses


def preview_context(request: HttpRequest, importer: Importer[Any], shown: Import, typed: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Any]:
    """`typed` is what was typed for the names that are asked about, `errors` what is wrong with it, by kind and name."""
    plan = importer.plan_class.without_lines(shown.plan)
    kinds = {kind.code: kind for kind in importer.kinds}
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else ""
    entries = [entry for entry in (shown.plan or {}).get("lines", []) if entry["kind"] == kind or (not kind and entry["kind"] != Kind.UNCHANGED)]
    entries.sort(key=lambda entry: entry["kind"] != Kind.REFUSED)  # what is to be put right stands on top, the rest as in the file
    page = Paginator(entries, LINES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "importer": importer,
        "import": shown,
        "addresses": addresses_of(importer, shown.pk),
        "plan": plan,
        "kind": kind,
        "kinds": [{"code": known.code, "label": known.label, "count": shown.counts.get(known.code, 0)} for known in importer.kinds],
        "page": page,
        "lines": [_line(importer, shown, importer.plan_class.line_class.from_json(entry), kinds) for entry in page.object_list],
        "announced": [(heading, names) for heading, names in importer.announces(plan) if names],
        "refused": shown.counts.get(Kind.REFUSED, 0),
        "effects": sum(count for code, count in shown.counts.items() if code not in (Kind.UNCHANGED, Kind.REFUSED)),
        "options": [option.short for option in importer.options if shown.options.get(option.code)],
    }
    return context | _names(importer, shown, plan, typed, errors) | progress_context(shown)


def progress_context(shown: Import) -> dict[str, Any]:
    done, total = read_progress(f"import:{shown.pk}") or (0, 0) if shown.status == Import.Status.RUNNING else (0, 0)
    return {"done": done, "total": total}


def _names(importer: Importer[Any], shown: Import, plan: Plan[Any], typed: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Any]:
    """The names that the portal does not know, while they can be answered: first those near to one that it has, then the others."""
    if shown.status != Import.Status.PLANNED or not plan.questions:
        return {}
    nouns: dict[str, str | Promise] = {kind.code: kind.noun for kind in importer.names}
    asked: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for number, question in enumerate(plan.questions[:MOST_NAMES]):
        key = f"{question.kind} {question.text}"
        row = {"number": number, "question": question, "noun": nouns.get(question.kind, ""), "typed": typed.get(key, ""), "error": errors.get(key, "")}
        (asked if question.candidates or question.answer is not None or row["error"] else others).append(row)
    return {
        "asked_names": asked,
        "other_names": others,
        "open_names": len(plan.open_questions),
        "name_error": errors.get("", ""),
        "known_names": [(kind.code, kind.known()) for kind in importer.names],
    }


def _line(importer: Importer[Any], shown: Import, line: PlannedLine, kinds: Mapping[str, LineKind]) -> dict[str, Any]:
    changes = [
        {"label": importer.columns.label_of(name) or name, "before": before, "after": after}
        for name, (before, after) in line.changes.items()
        if not (line.kind == Kind.NEW and after in (line.label, line.key))
    ]
    faults = [
        {"label": importer.columns.label_of(fault.field), "place": place_of(shown, fault, line.number), "sentence": fault.sentence} for fault in line.faults
    ]
    return {
        "line": line,
        "label": kinds[line.kind].label,
        "tone": kinds[line.kind].tone,
        "changes": changes,
        "faults": faults,
        "on": line.start if line.on else None,
        "is_known": line.kind == Kind.CHANGED or any(before for before, _after in line.changes.values()),
    }
