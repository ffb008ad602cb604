"""What the names of a roster mean that the plant does not know: asked on the preview, and answered there; and the refused lines as a file."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.access.policies import get_permitted
from portal.audit.services import record
from portal.directory.forms import ConfirmationForm
from portal.directory.views.imports import keeper_required, plan_page
from portal.foundation.errors import PortalError
from portal.foundation.spreadsheets import xlsx_response
from portal.organization.models import RosterImport
from portal.organization.places import find_positions, folded, read_places
from portal.organization.roster.errors import RosterError
from portal.organization.roster.meanings import NEW, Answer
from portal.organization.roster.tree import DEPARTMENT
from portal.organization.services.imports import MAPPED, answer_import, refused_rows

MOST_NAMES = 500
LONGEST_NAME = 200


@require_POST
@keeper_required
def import_names(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the answers, and plan anew."""
    roster_import = get_permitted(RosterImport, user=request.user, action="change", pk=pk)
    typed, answers, errors = _asked_answers(request)
    if not errors:
        try:
            answer_import(roster_import, answers=answers, actor=request.user)
        except PortalError as error:
            errors[""] = str(error)
        else:
            return redirect(f"{reverse('organization:import_detail', args=[pk])}#names")
    return plan_page(request, roster_import, ConfirmationForm(), status=422, typed=typed, name_errors=errors)


@require_GET
@keeper_required
def import_refused(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The refused lines as they stood in the file, each with its reasons."""
    roster_import = get_permitted(RosterImport, user=request.user, pk=pk)
    headings, rows = refused_rows(roster_import)
    with transaction.atomic():
        record(request.user, "roster.exported", roster_import, after={"refused": len(rows)})
    name = f"{roster_import.file_name.rpartition('.')[0] or roster_import.file_name} {_('refused lines')}"
    return xlsx_response(name, _("refused lines"), headings, rows)


def _asked_answers(request: HttpRequest) -> tuple[dict[str, str], dict[str, dict[str, Answer]], dict[str, str]]:
    """What the form says: `kind_<n>` and `text_<n>` name, `meant_<n>` is an id, NEW or nothing, and what is typed into `other_<n>` goes before it."""
    typed: dict[str, str] = {}
    answers: dict[str, dict[str, Answer]] = {}
    errors: dict[str, str] = {}
    for number in range(MOST_NAMES):
        kind, text = request.POST.get(f"kind_{number}", ""), request.POST.get(f"text_{number}", "")[:LONGEST_NAME]
        if not text:
            break
        if kind not in MAPPED:
            continue
        meant, other = request.POST.get(f"meant_{number}", ""), request.POST.get(f"other_{number}", "").replace("\x00", "").strip()[:LONGEST_NAME]
        typed[f"{kind} {text}"] = other
        try:
            if other:
                answers.setdefault(kind, {})[text] = _named(kind, other)
            elif meant == NEW or (meant.isdecimal() and len(meant) < 16):
                answers.setdefault(kind, {})[text] = NEW if meant == NEW else int(meant)
        except RosterError as error:
            errors[f"{kind} {text}"] = str(error)
    return typed, answers, errors


def _named(kind: str, other: str) -> int:
    """The id of what was typed. Raises RosterError where nothing is called so, or several are."""
    found: list[tuple[int, str]] = []
    if kind == DEPARTMENT:
        places = read_places()
        found = [(place.pk, places.label(place.pk)) for place in places.find(other)]
    else:
        found = [(position.pk, position.label) for position in find_positions(other)]
    exact = [(pk, label) for pk, label in found if folded(label) == folded(other)] or found
    if not exact:
        raise RosterError(_("Nothing is called “%(name)s” here.") % {"name": other})
    if len(exact) > 1:
        names = _(", ").join(label for _pk, label in exact[:6])
        raise RosterError(_("“%(name)s” could be any of these: %(places)s.") % {"name": other, "places": names})
    return exact[0][0]
