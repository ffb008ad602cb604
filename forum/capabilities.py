"""Rights of the forum that belong to no single board."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

MANAGE = register_capability("forum.manage", _("Keep the forum's boards"), _("Make boards, say for whom they are and who moderates them, archive them."))
MODERATE = register_capability("forum.moderate", _("Moderate the whole forum"), _("Hide, restore, close, pin and move in every board, and decide on reports."))
