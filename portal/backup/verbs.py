"""What the record calls backups."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs({"backup.made": _("made a backup"), "backup.restored": _("restored a backup")})
