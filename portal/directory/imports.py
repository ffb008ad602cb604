"""The roster as an import: who may, what a line is about, and what becomes of it."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.access.capabilities import MANAGE_ORGANIZATION
from portal.directory.people import department_options, place_label
from portal.directory.roster.application import apply_plan
from portal.directory.roster.columns import ROSTER_COLUMNS
from portal.directory.roster.plan import RosterKind, RosterPlan
from portal.directory.roster.planning import POSITION, plan_roster
from portal.directory.roster.present import read_present
from portal.directory.roster.template import COLUMNS, WIDTHS, template_rows
from portal.directory.roster.tree import DEPARTMENT, paths_of
from portal.directory.views.passwords import MOST_PASSWORDS, people_without_password
from portal.imports.definition import Importer, ImportOption, Job, LineKind, NameKind, Progress, Words, register_importer
from portal.imports.lines import Line
from portal.imports.plan import Plan
from portal.organization.models import Department, Position
from portal.organization.places import find_positions, position_labels, read_places
from portal.organization.querysets import today


def _find_departments(words: str) -> list[tuple[int, str]]:
    places = read_places()
    return [(place.pk, places.label(place.pk)) for place in places.find(words)]


@register_importer
class RosterImporter(Importer[RosterPlan]):
    """Lines hang together: departments are named in any order, two lines may be about one person, and whoever a complete roster does not name has left."""

    code = "roster"
    url_prefix = "organization:import"
    capability = MANAGE_ORGANIZATION
    heading = _("Roster")
    subtitle = _("Bring the roster in from a file: you see what would change before anything does.")
    upload_heading = _("Import a roster")
    subject = _("Person")
    template_label = _("Present roster")
    nothing_to_do = _("There is nothing to do: the plant is as the roster says.")
    columns = ROSTER_COLUMNS
    template_columns = COLUMNS
    template_widths = WIDTHS
    options = (ImportOption("is_complete", _("This roster names everyone: whoever is missing has left"), _("complete roster")),)
    names = (
        NameKind(
            DEPARTMENT,
            _("department"),
            known=lambda: [label for _pk, label in department_options()],
            find=_find_departments,
            exists=lambda pk: Department.objects.filter(pk=pk).exists(),
        ),
        NameKind(
            POSITION,
            _("position"),
            known=lambda: position_labels(Position.objects.all()).values(),
            find=lambda words: [(position.pk, position.label) for position in find_positions(words)],
            exists=lambda pk: Position.objects.filter(pk=pk).exists(),
        ),
    )
    kinds = (
        LineKind(RosterKind.NEW, _("taken on"), "notice"),
        LineKind(RosterKind.CHANGED, _("changed")),
        LineKind(RosterKind.MOVED, _("moved"), "due"),
        LineKind(RosterKind.RETURNS, _("returns"), "notice"),
        LineKind(RosterKind.LEFT, _("left"), "urgent"),
        LineKind(RosterKind.UNCHANGED, _("unchanged")),
        LineKind(RosterKind.REFUSED, _("refused"), "urgent"),
    )
    counted = (RosterKind.NEW, RosterKind.MOVED, RosterKind.LEFT, RosterKind.REFUSED)
    plan_class: ClassVar[type[Plan[Any]]] = RosterPlan
    list_template = "directory/import_list.html"

    def plan(self, lines: Sequence[Line], job: Job) -> RosterPlan:
        return plan_roster(
            lines,
            read_present(job.day, settings.ENVIRONMENT.plant_name),
            is_complete=bool(job.options.get("is_complete")),
            actor_id=job.actor.pk,
            changes_administrators=job.actor.is_superuser,
            answers=job.answers,
        )

    def apply(self, plan: RosterPlan, *, actor: Any, on_progress: Progress) -> None:
        apply_plan(plan, actor=actor, on_progress=on_progress)

    def template_rows(self) -> Iterator[list[Any]]:
        return template_rows(read_present(today(), settings.ENVIRONMENT.plant_name))

    def announces(self, plan: RosterPlan) -> Sequence[tuple[Words, Sequence[str]]]:
        below = Department.objects.exclude(parent=None).in_bulk([new.parent for new in plan.departments if isinstance(new.parent, int)])
        return (
            (_("New departments"), paths_of(plan.departments, {pk: place_label(department) for pk, department in below.items()})),
            (_("New positions"), [position.name for position in plan.positions]),
        )

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        """First passwords are issued beside the roster."""
        return {"without_password": people_without_password().count(), "departments": department_options(), "most_passwords": MOST_PASSWORDS}
