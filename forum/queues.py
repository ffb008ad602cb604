"""Anonymous posts that could not be released, for operators."""

from django.utils.translation import gettext_lazy as _

from forum.services.masked import QUEUE
from portal.outbox.known_queues import register_queue, troubled_queue

register_queue(troubled_queue(QUEUE, _("anonymous posts to be released")))
