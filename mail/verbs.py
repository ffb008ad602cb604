"""What mail puts on record: that something was sent, never what it says."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import register_open_verbs, register_verbs

register_verbs(
    {
        "mailbox.made": _("made mailboxes"),
        "mail.sent": _("sent a message"),
        "mail.reminded": _("reminded those who had not read a message"),
        "mail.limited": _("set limits of mail"),
        "mail.away": _("set an absence for mail"),
        "mail.back": _("ended an absence for mail"),
        "mail.looked": _("looked into kept mail"),
        "mail.recalled": _("recalled a message"),
        "mail.purged": _("deleted messages for ever"),
    }
)
register_open_verbs("mail.looked", "mail.limited")
