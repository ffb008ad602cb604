"""What the customers' site puts on record."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_verbs

register_verbs(
    {
        "outsider.invited": _("invited somebody of a customer"),
        "outsider.invitation_withdrawn": _("took an invitation of an outsider back"),
        "outsider.accepted": _("accepted the invitation to the customers' site"),
        "outsider.signed_in": _("signed in on the customers' site"),
        "outsider.signed_out": _("signed out of the customers' site"),
        "outsider.sign_in_failed": _("failed to sign in on the customers' site"),
        "outsider.sign_ins_ended": _("ended sign-ins of an outsider"),
        "outsider.password_changed": _("changed the password on the customers' site"),
        "outsider.reset": _("invited an outsider anew"),
        "outsider.ended": _("ended the account of an outsider"),
        "outsider.made_first": _("made an outsider the first of their firm"),
    }
)
