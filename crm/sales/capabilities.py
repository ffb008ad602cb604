"""Rights of sales that belong to no single opportunity."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

KEEP_STAGES = register_capability("sales.stages", _("Keep the stages of selling"), _("Name, add and end the stages through which opportunities go."))
KEEP_EXPENSES = register_capability(
    "sales.expenses", _("Keep expenses of selling"), _("See every expense, confirm it or send it back, and say above which sum one goes through a paper.")
)
