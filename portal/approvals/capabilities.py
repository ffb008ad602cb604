"""The rights that belong to no single paper."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

KEEP_PAPERS = register_capability("approvals.keep", _("Keep papers"), _("Decide on papers for which the plant has nobody else."))
DRAW_PAPERS = register_capability("approvals.draw", _("Draw papers"), _("Draw forms and routes of kinds of papers, try them and publish them."))
