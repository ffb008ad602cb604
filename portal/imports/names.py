"""What the names of a file mean that the portal does not know: asked on the preview, and answered there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.access.policies import get_permitted
from portal.foundation.errors import PortalError
from portal.imports.definition import Importer, NameKind
from portal.imports.errors import ImportRefusedError
from portal.imports.meanings import NEW, Answer
from portal.imports.models import Import
from portal.imports.preview import addresses_of
from portal.imports.services import answer_import
from portal.imports.views import plan_page
from portal.organization.places import folded

MOST_NAMES = 500
LONGEST_NAME = 200
MOST_NAMED = 6


def import_names(request: HttpRequest, importer: Importer[Any], pk: int) -> HttpResponse:
    """Keep the answers, and plan anew."""
    planned = get_permitted(
        Import, user=request.user, action="change", rows=Import.objects.filter(importer=importer.code).select_related("actor").defer("rows"), pk=pk
    )
    typed, answers, errors = _asked_answers(request, importer)
    if not errors:
        try:
            answer_import(planned, answers=answers, actor=request.user)
        except PortalError as error:
            errors[""] = str(error)
        else:
            return redirect(f"{addresses_of(importer, pk)['detail']}#names")
    return plan_page(request, importer, planned, status=422, typed=typed, name_errors=errors)


def _asked_answers(request: HttpRequest, importer: Importer[Any]) -> tuple[dict[str, str], dict[str, dict[str, Answer]], dict[str, str]]:
    """What the form says: `kind_<n>` and `text_<n>` name, `meant_<n>` is an id, NEW or nothing, and what is typed into `other_<n>` goes before it."""
    typed: dict[str, str] = {}
    answers: dict[str, dict[str, Answer]] = {}
    errors: dict[str, str] = {}
    for number in range(MOST_NAMES):
        code, text = request.POST.get(f"kind_{number}", ""), request.POST.get(f"text_{number}", "")[:LONGEST_NAME]
        if not text:
            break
        kind = importer.name_kind(code)
        if kind is None:
            continue
        meant, other = request.POST.get(f"meant_{number}", ""), request.POST.get(f"other_{number}", "").replace("\x00", "").strip()[:LONGEST_NAME]
        typed[f"{code} {text}"] = other
        try:
            if other:
                answers.setdefault(code, {})[text] = _named(kind, other)
            elif meant == NEW or (meant.isdecimal() and len(meant) < 16):
                answers.setdefault(code, {})[text] = NEW if meant == NEW else int(meant)
        except ImportRefusedError as error:
            errors[f"{code} {text}"] = str(error)
    return typed, answers, errors


def _named(kind: NameKind, other: str) -> int:
    """The id of what was typed. Raises ImportRefusedError where nothing is called so, or several are."""
    found = kind.find(other)
    exact = [(pk, label) for pk, label in found if folded(label) == folded(other)] or found
    if not exact:
        raise ImportRefusedError(_("Nothing is called “%(name)s” here.") % {"name": other})
    if len(exact) > 1:
        names = _(", ").join(label for _pk, label in exact[:MOST_NAMED])
        raise ImportRefusedError(_("“%(name)s” could be any of these: %(places)s.") % {"name": other, "places": names})
    return exact[0][0]
