"""What the search puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs({"pin.added": _("pinned a search result"), "pin.removed": _("took a pinned search result away")})
