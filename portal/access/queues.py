"""People whose standing of the day cannot be computed, for operators. Until then they are what they were."""

from django.utils.translation import gettext_lazy as _

from portal.access.standings import STANDINGS
from portal.outbox.known_queues import register_queue, troubled_queue

register_queue(troubled_queue(STANDINGS, _("standings of the day")))
