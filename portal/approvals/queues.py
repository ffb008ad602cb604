"""Papers that could not be given to those who can decide, for operators. They stay where they are."""

from django.utils.translation import gettext_lazy as _

from portal.approvals.services.moving import STRANDED
from portal.outbox.known_queues import register_queue, troubled_queue

register_queue(troubled_queue(STRANDED, _("papers without anybody to decide")))
