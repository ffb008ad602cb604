"""A roster from the file to the plant: upload, columns, plan, confirmation, and the run in the background."""

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.services import record
from portal.organization.errors import OrganizationError
from portal.organization.models import Department, Position, RosterImport
from portal.organization.querysets import today
from portal.organization.roster.columns import FIELDS_BY_CODE, find_columns, missing_fields
from portal.organization.roster.errors import RosterError
from portal.organization.roster.lines import read_lines
from portal.organization.roster.meanings import Answer
from portal.organization.roster.plan import Kind, Plan
from portal.organization.roster.planning import POSITION, plan_roster
from portal.organization.roster.present import read_present
from portal.organization.roster.reading import read_table
from portal.organization.roster.tree import DEPARTMENT
from portal.organization.services.application import apply_plan
from portal.outbox.services import enqueue
from portal.outbox.troubles import is_everybodys, reason_of
from portal.runtime.progress import tell_progress

RUN = "roster.apply"
ENDED = "organization.import_ended"
ROSTER_LOCK = 7_310_002
STEPS_TOLD = 100
MAPPED = {DEPARTMENT: Department, POSITION: Position}

logger = logging.getLogger(__name__)


@transaction.atomic
def start_import(*, content: bytes, file_name: str, actor: Any) -> RosterImport:
    """Read a file and guess its columns. Nothing of the plant changes. Raises RosterError for a file that cannot be used."""
    table = read_table(content)
    columns = find_columns(table.rows)
    roster_import = RosterImport.objects.create(
        actor=actor,
        file_name=file_name[-255:],
        source=table.source[:80],
        rows=table.rows,
        header_row=columns.header_row,
        mapping=columns.mapping,
    )
    record(actor, "roster.uploaded", roster_import, after={"rows": len(table.rows)})
    return roster_import


@transaction.atomic
def plan_import(roster_import: RosterImport, *, header_row: int | None, mapping: dict[str, int], is_complete: bool, actor: Any) -> Plan:
    """Keep which column is which, and make the plan that is shown. Refuses columns that do not say who and where, and a run that has begun."""
    stored = _locked(roster_import, RosterImport.Status.DRAFT, RosterImport.Status.PLANNED)
    unknown = set(mapping) - set(FIELDS_BY_CODE)
    if unknown:
        raise TypeError(f"no fields {sorted(unknown)}")
    missing = missing_fields(mapping)
    if missing:
        names = _(", ").join(str(field.label) for field in missing)
        raise RosterError(_("Say which column holds: %(fields)s.") % {"fields": names})
    stored.header_row, stored.mapping, stored.is_complete, stored.day = header_row, mapping, is_complete, today()
    plan = _plan(stored)
    stored.plan, stored.counts, stored.fingerprint = plan.as_json(), plan.counts, plan.fingerprint
    stored.status = RosterImport.Status.PLANNED
    stored.save()
    return plan


@transaction.atomic
def answer_import(roster_import: RosterImport, *, answers: Mapping[str, Mapping[str, Answer]], actor: Any) -> Plan:
    """Keep what names mean that the plant does not know (an id, or NEW), and plan anew. An empty answer takes an earlier one back."""
    stored = _locked(roster_import, RosterImport.Status.PLANNED)
    meant = {kind: dict(names) for kind, names in stored.meant.items()}
    for kind, names in answers.items():
        if kind not in MAPPED:
            raise TypeError(f"no names of {kind}")
        for text, answer in names.items():
            if isinstance(answer, int) and not MAPPED[kind]._default_manager.filter(pk=answer).exists():
                raise RosterError(_("What “%(name)s” was to mean does not exist any more. Choose again.") % {"name": text})
            if answer == "":
                meant.get(kind, {}).pop(text, None)
            else:
                meant.setdefault(kind, {})[text] = answer
    stored.meant = meant
    stored.save(update_fields=["meant"])
    record(actor, "roster.names_mapped", stored, after={"meant": meant})
    return plan_import(stored, header_row=stored.header_row, mapping=stored.mapping, is_complete=stored.is_complete, actor=actor)


@transaction.atomic
def confirm_import(roster_import: RosterImport, *, leaves_out_refused: bool, actor: Any) -> None:
    """Let a worker carry out the plan as it was shown. Refuses one without effect, and one with refused lines that nobody agreed to leave out."""
    stored = _locked(roster_import, RosterImport.Status.PLANNED)
    if not any(count for kind, count in stored.counts.items() if kind not in ("unchanged", "refused")):
        raise OrganizationError(_("There is nothing to do: the plant is as the roster says."))
    open_questions = Plan.from_json(stored.plan).open_questions if stored.plan else []
    if open_questions:
        names = _(", ").join(f"“{question.text}”" for question in open_questions[:6])
        raise OrganizationError(_("Say first what these names mean: %(names)s.") % {"names": names})
    if stored.counts.get("refused") and not leaves_out_refused:
        raise OrganizationError(_("Some lines are refused. Correct the file, or agree to leave them out."))
    stored.status = RosterImport.Status.RUNNING
    stored.actor = actor
    stored.save(update_fields=["status", "actor"])
    record(actor, "roster.confirmed", stored, after={"counts": stored.counts, "is_complete": stored.is_complete})
    enqueue(RUN, {"import_id": stored.pk})


@transaction.atomic
def repeat_import(roster_import: RosterImport, *, actor: Any) -> RosterImport:
    """A new import of the rows and columns of one that failed, which stays as it is. Refuses any other."""
    failed = _locked(roster_import, RosterImport.Status.FAILED)
    again = RosterImport.objects.create(
        actor=actor,
        file_name=failed.file_name,
        source=failed.source,
        rows=failed.rows,
        header_row=failed.header_row,
        mapping=failed.mapping,
        meant=failed.meant,
    )
    record(actor, "roster.uploaded", again, after={"rows": len(again.rows), "again": failed.pk})
    plan_import(again, header_row=failed.header_row, mapping=failed.mapping, is_complete=failed.is_complete, actor=actor)
    return again


def run_import(import_id: int) -> None:
    """Carry the plan out in one transaction, or say why not and change nothing. Running it again does nothing."""
    try:
        with transaction.atomic():
            roster_import = RosterImport.objects.select_for_update(of=("self",)).select_related("actor").get(pk=import_id)
            if roster_import.status != RosterImport.Status.RUNNING:
                return
            _run(roster_import)
            connection.check_constraints()  # what would else show when the worker's transaction commits
    except OrganizationError as error:
        _note_failure(import_id, str(error))
    except IntegrityError:
        logger.exception("roster import %s met a constraint", import_id)
        _note_failure(import_id, _("The database refused a change. Nothing was changed; the log of the worker has the details."))
    except Exception as error:
        if is_everybodys(error):
            raise
        logger.exception("roster import %s failed", import_id)
        sentence = _("It could not be carried out (%(reason)s). Nothing was changed; the log of the worker has the details.")
        _note_failure(import_id, sentence % {"reason": reason_of(error, longest=100)})


def _run(roster_import: RosterImport) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROSTER_LOCK])
    plan = _plan(roster_import)
    if plan.fingerprint != roster_import.fingerprint:
        raise RosterError(_("The plant has changed since the preview. Look at the new preview, and confirm again."))

    def tell(done: int, total: int) -> None:
        if done == total or done % max(1, total // STEPS_TOLD) == 0:
            tell_progress(f"roster:{roster_import.pk}", done, total)

    apply_plan(plan, actor=roster_import.actor, on_progress=tell)
    roster_import.status = RosterImport.Status.DONE
    roster_import.finished_at = timezone.now()
    roster_import.save(update_fields=["status", "finished_at"])
    record(roster_import.actor, "roster.imported", roster_import, after={"counts": roster_import.counts})
    enqueue(ENDED, {"import_id": roster_import.pk})


def _plan(roster_import: RosterImport) -> Plan:
    assert roster_import.day is not None
    lines = read_lines(roster_import.rows, roster_import.header_row, roster_import.mapping)
    present = read_present(roster_import.day, settings.ENVIRONMENT.plant_name)
    actor = roster_import.actor
    return plan_roster(
        lines,
        present,
        is_complete=roster_import.is_complete,
        actor_id=actor.pk,
        changes_administrators=actor.is_superuser,
        answers=roster_import.meant,
    )


def refused_rows(roster_import: RosterImport) -> tuple[list[str], list[list[Any]]]:
    """The lines that are refused, as they stand in the file, with the row and the reasons behind; to be put right and uploaded again."""
    plan = Plan.from_json(roster_import.plan or {"departments": [], "positions": [], "lines": []})
    width = max((len(row) for row in roster_import.rows), default=0)
    header = roster_import.header_row
    headings = list(roster_import.rows[header]) if header is not None and header < len(roster_import.rows) else []
    headings = [str(heading or "") for heading in [*headings, *[""] * (width - len(headings))]]
    by_column = {column: code for code, column in roster_import.mapping.items()}
    headings = [heading or str(FIELDS_BY_CODE[by_column[place]].label if place in by_column else "") for place, heading in enumerate(headings)]
    rows = []
    for line in plan.lines:
        if line.kind is Kind.REFUSED and 0 < line.number <= len(roster_import.rows):
            row = list(roster_import.rows[line.number - 1])
            reasons = " ".join(fault.sentence for fault in line.faults)
            rows.append([*[_cell(value) for value in row], *[""] * (width - len(row)), line.number, reasons])
    return [*headings, _("Row in the file"), _("Why it was refused")], rows


def _cell(value: Any) -> Any:
    """A cell as it was read; days are kept as such."""
    return date.fromisoformat(value["date"]) if isinstance(value, dict) else value


@transaction.atomic
def _note_failure(import_id: int, sentence: str) -> None:
    roster_import = RosterImport.objects.select_for_update(of=("self",)).select_related("actor").get(pk=import_id)
    roster_import.status = RosterImport.Status.FAILED
    roster_import.failure = sentence
    roster_import.finished_at = timezone.now()
    roster_import.save(update_fields=["status", "failure", "finished_at"])
    record(roster_import.actor, "roster.failed", roster_import, after={"failure": sentence})
    enqueue(ENDED, {"import_id": roster_import.pk})


def _locked(roster_import: RosterImport, *statuses: str) -> RosterImport:
    stored = RosterImport.objects.select_for_update(of=("self",)).get(pk=roster_import.pk)
    if stored.status not in statuses:
        raise OrganizationError(_("This import is past that. Look at where it stands."))
    return stored
