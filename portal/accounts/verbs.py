"""What accounts put on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "sign_in.succeeded": _("signed in"),
        "sign_in.failed": _("failed to sign in"),
        "sign_out.done": _("signed out"),
        "session.ended": _("ended a session"),
        "password.issued": _("issued a first password"),
        "password.changed": _("changed the password"),
        "second_factors.removed": _("removed the second factors"),
    }
)
