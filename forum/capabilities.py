"""Rights of the forum that belong to no single board."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

MANAGE = register_capability("forum.manage", _("Keep the forum's boards"), _("Make boards, say for whom they are and who moderates them, archive them."))
MODERATE = register_capability("forum.moderate", _("Moderate the whole forum"), _("Hide, restore, close, pin and move in every board, and decide on reports."))
UNSEAL_FIRST = register_capability(
    "forum.unseal_first",
    _("Open sealed authors: discipline inspection"),
    _("One side of the two that open the seal of an anonymous post together. Not for administrators, moderators, or officers of the other side."),
)
UNSEAL_SECOND = register_capability(
    "forum.unseal_second",
    _("Open sealed authors: trade union"),
    _("The other side of the two that open the seal of an anonymous post together. Not for administrators, moderators, or officers of the first side."),
)
