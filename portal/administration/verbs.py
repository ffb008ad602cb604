"""What administration puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs({"record.exported": _("exported the record"), "effects.retried": _("tried again what was put aside")})
