"""Rights of surveys that belong to no single survey."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

KEEP_SURVEYS = register_capability("surveys.keep", _("Keep surveys"), _("Draw, publish and end surveys, read what was answered, and see to what is mended."))
