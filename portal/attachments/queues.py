"""Files that could not be checked or read, for operators."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from portal.attachments.models import FILES, StoredFile
from portal.attachments.ringing import ring_for_reading
from portal.attachments.sweeping import SWEEPING
from portal.outbox.known_queues import register_queue, troubled_queue


def _wait_again(files: Collection[int]) -> None:
    failed = StoredFile.objects.filter(pk__in=files, text_state=StoredFile.Text.FAILED)
    failed.update(text_state=StoredFile.Text.WAITING, text_reason="")
    ring_for_reading()


register_queue(troubled_queue(FILES, _("files to be checked and read"), retried=_wait_again))
register_queue(troubled_queue(SWEEPING, _("files to be cleared away")))
