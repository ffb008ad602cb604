"""Carrying an import out: in one transaction, or not at all, and never a plan that something has overtaken."""

import logging
from collections.abc import Mapping
from typing import Any
from zlib import crc32

from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.access.registry import tokens_of_holders
from portal.audit.services import record
from portal.foundation.errors import PortalError
from portal.foundation.locking import lock_row
from portal.imports.definition import Importer, importer_of
from portal.imports.models import Import
from portal.imports.notifications import APPLIED, FAILED, OVERTAKEN
from portal.imports.services import keep_plan, make_plan
from portal.notifications.registry import NotificationKind
from portal.notifications.services import notify
from portal.outbox.troubles import is_everybodys, reason_of
from portal.runtime.progress import tell_progress

IMPORTS_LOCK = 7_310_002
STEPS_TOLD = 100

logger = logging.getLogger(__name__)


def run_import(import_id: int) -> None:
    """Carry the plan out, or say why not and change nothing. Running it again does nothing."""
    language = Import.objects.values_list("language", flat=True).get(pk=import_id)
    with translation.override(language or None):
        try:
            with transaction.atomic():
                running = lock_row(Import.objects.select_related("actor"), import_id)
                if running.status != Import.Status.RUNNING:
                    return
                _run(running)
                connection.check_constraints()  # what would else show when the worker's transaction commits
        except PortalError as error:
            _note_failure(import_id, str(error))
        except IntegrityError:
            logger.exception("import %s met a constraint", import_id)
            _note_failure(import_id, _("The database refused a change. Nothing was changed; the log of the worker has the details."))
        except Exception as error:
            if is_everybodys(error):
                raise
            logger.exception("import %s failed", import_id)
            sentence = _("It could not be carried out (%(reason)s). Nothing was changed; the log of the worker has the details.")
            _note_failure(import_id, sentence % {"reason": reason_of(error, longest=100)})


def _run(running: Import) -> None:
    importer = importer_of(running.importer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [IMPORTS_LOCK, crc32(running.importer.encode()) >> 1])
    plan = make_plan(importer, running, actor=running.actor)
    if plan.fingerprint != running.fingerprint:
        _plan_anew(importer, running)
        return

    def tell(done: int, total: int) -> None:
        if done == total or done % max(1, total // STEPS_TOLD) == 0:
            tell_progress(f"import:{running.pk}", done, total)

    importer.apply(plan, actor=running.actor, on_progress=tell)
    running.status, running.finished_at = Import.Status.DONE, timezone.now()
    running.save(update_fields=["status", "finished_at"])
    _end(running, "import.applied", APPLIED, {"import": running.importer, "counts": running.counts})


def _plan_anew(importer: Importer[Any], running: Import) -> None:
    """Something was changed since the preview: there is a new one, of today, which somebody has to look at and confirm."""
    running.day = timezone.localdate()
    keep_plan(running, make_plan(importer, running, actor=running.actor))
    running.failure = _("Something was changed since the preview, so nothing was carried out. This is the new preview: look at it, and confirm again.")
    running.save(update_fields=["failure"])
    _end(running, "import.overtaken", OVERTAKEN, {"import": running.importer, "counts": running.counts})


@transaction.atomic
def _note_failure(import_id: int, sentence: str) -> None:
    failed = lock_row(Import.objects.select_related("actor"), import_id)
    failed.status, failed.failure, failed.finished_at = Import.Status.FAILED, sentence, timezone.now()
    failed.save(update_fields=["status", "failure", "finished_at"])
    _end(failed, "import.failed", FAILED, {"import": failed.importer, "failure": sentence})


def _end(ended: Import, verb: str, kind: NotificationKind, after: Mapping[str, Any]) -> None:
    """On record, and told to whoever confirmed it."""
    record(ended.actor, verb, ended, after=after)
    importer = importer_of(ended.importer)
    url = reverse(f"{importer.url_prefix}_detail", args=[ended.pk])
    notify(kind, words={"file": ended.file_name}, recipients=[ended.actor_id], url=url, needs=tokens_of_holders(importer.capability))
