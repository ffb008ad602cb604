"""A file from the upload to its confirmation. What carries it out is in `running`."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.audit.services import record
from portal.imports.definition import Importer, Job, importer_of
from portal.imports.errors import ImportRefusedError
from portal.imports.lines import read_lines
from portal.imports.meanings import Answer
from portal.imports.models import Import
from portal.imports.plan import Kind, Plan
from portal.imports.reading import read_table
from portal.outbox.services import enqueue

RUN = "imports.run"


@transaction.atomic
def start_import(code: str, *, content: bytes, file_name: str, actor: Any) -> Import:
    """Read a file and guess its columns. Nothing else changes. Raises ImportRefusedError for a file that cannot be used."""
    importer = importer_of(code)
    table = read_table(content)
    found = importer.columns.find(table.rows)
    started = Import.objects.create(
        importer=code,
        actor=actor,
        language=get_language() or "",
        file_name=file_name[-255:],
        source=table.source[:80],
        rows=table.rows,
        header_row=found.header_row,
        mapping=found.mapping,
    )
    record(actor, "import.uploaded", started, after={"import": code, "rows": len(table.rows)})
    return started


@transaction.atomic
def plan_import(planned: Import, *, header_row: int | None, mapping: Mapping[str, int], options: Mapping[str, bool] | None = None, actor: Any) -> Plan[Any]:
    """Keep which column is which, and make the plan that is shown. Refuses columns that leave out what is needed, and a run that has begun."""
    stored = _locked(planned, Import.Status.DRAFT, Import.Status.PLANNED)
    importer = importer_of(stored.importer)
    unknown = set(mapping) - set(importer.columns.by_code) | set(options or {}) - {option.code for option in importer.options}
    if unknown:
        raise TypeError(f"no fields {sorted(unknown)}")
    missing = importer.columns.missing(mapping)
    if missing:
        names = _(", ").join(str(field.label) for field in missing)
        raise ImportRefusedError(_("Say which column holds: %(fields)s.") % {"fields": names})
    stored.header_row, stored.mapping, stored.options = header_row, dict(mapping), dict(options or {})
    stored.language, stored.failure, stored.day = get_language() or "", "", timezone.localdate()
    plan = make_plan(importer, stored, actor=actor)
    keep_plan(stored, plan)
    return plan


@transaction.atomic
def answer_import(planned: Import, *, answers: Mapping[str, Mapping[str, Answer]], actor: Any) -> Plan[Any]:
    """Keep what names mean that the portal does not know (an id, or NEW), and plan anew. An empty answer takes an earlier one back."""
    stored = _locked(planned, Import.Status.PLANNED)
    importer = importer_of(stored.importer)
    meant = {kind: dict(names) for kind, names in stored.meant.items()}
    for code, names in answers.items():
        kind = importer.name_kind(code)
        if kind is None:
            raise TypeError(f"no names of {code}")
        for text, answer in names.items():
            if isinstance(answer, int) and not kind.exists(answer):
                raise ImportRefusedError(_("What “%(name)s” was to mean does not exist any more. Choose again.") % {"name": text})
            if answer == "":
                meant.get(code, {}).pop(text, None)
            else:
                meant.setdefault(code, {})[text] = answer
    stored.meant = meant
    stored.save(update_fields=["meant"])
    record(actor, "import.names_mapped", stored, after={"meant": meant})
    return plan_import(stored, header_row=stored.header_row, mapping=stored.mapping, options=stored.options, actor=actor)


@transaction.atomic
def confirm_import(planned: Import, *, leaves_out_refused: bool, actor: Any) -> None:
    """Let a worker carry out the plan as it was shown. Refuses one without effect, and one with refused lines that nobody agreed to leave out."""
    stored = _locked(planned, Import.Status.PLANNED)
    importer = importer_of(stored.importer)
    if not any(count for kind, count in stored.counts.items() if kind not in (Kind.UNCHANGED, Kind.REFUSED)):
        raise ImportRefusedError(str(importer.nothing_to_do))
    open_questions = importer.plan_class.without_lines(stored.plan).open_questions
    if open_questions:
        names = _(", ").join(f"“{question.text}”" for question in open_questions[:6])
        raise ImportRefusedError(_("Say first what these names mean: %(names)s.") % {"names": names})
    if stored.counts.get(Kind.REFUSED) and not leaves_out_refused:
        raise ImportRefusedError(_("Some lines are refused. Correct the file, or agree to leave them out."))
    stored.status, stored.actor, stored.language, stored.failure = Import.Status.RUNNING, actor, get_language() or "", ""
    stored.save(update_fields=["status", "actor", "language", "failure"])
    record(actor, "import.confirmed", stored, after={"import": stored.importer, "counts": stored.counts} | stored.options)
    enqueue(RUN, {"import_id": stored.pk})


@transaction.atomic
def repeat_import(failed: Import, *, actor: Any) -> Import:
    """A new import of the rows and columns of one that failed, which stays as it is. Refuses any other."""
    stored = _locked(failed, Import.Status.FAILED)
    again = Import.objects.create(
        importer=stored.importer,
        actor=actor,
        language=get_language() or "",
        file_name=stored.file_name,
        source=stored.source,
        rows=stored.rows,
        header_row=stored.header_row,
        mapping=stored.mapping,
        meant=stored.meant,
    )
    record(actor, "import.uploaded", again, after={"import": again.importer, "rows": len(again.rows), "again": stored.pk})
    plan_import(again, header_row=stored.header_row, mapping=stored.mapping, options=stored.options, actor=actor)
    return again


def make_plan(importer: Importer[Any], stored: Import, *, actor: Any) -> Plan[Any]:
    """What the rows would do on the day of the plan, for whoever confirms them."""
    assert stored.day is not None
    lines = read_lines(importer.columns, stored.rows, stored.header_row, stored.mapping)
    return importer.plan(lines, Job(stored.day, actor, stored.options, stored.meant))


def keep_plan(stored: Import, plan: Plan[Any]) -> None:
    """The plan that is shown and waits for its confirmation."""
    stored.plan, stored.counts, stored.fingerprint = plan.as_json(), dict(plan.counts), plan.fingerprint
    stored.status = Import.Status.PLANNED
    stored.save()


def _locked(planned: Import, *statuses: str) -> Import:
    stored = Import.objects.select_for_update(of=("self",)).get(pk=planned.pk)
    if stored.status not in statuses:
        raise ImportRefusedError(_("This import is past that. Look at where it stands."))
    return stored
