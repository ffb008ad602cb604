"""What the demo plant puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs({"demo.created": _("made the demo plant")})
