"""Rights of the knowledge base that belong to no single thing."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

MANAGE_KNOWLEDGE = register_capability(
    "knowledge.manage", _("Keep the knowledge base"), _("Arrange its categories, say who keeps each, and admit what nobody else does.")
)
