"""What those who keep ledgers are told."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

DIFFERS = register_kind(
    NotificationKind("catalogue.ledger_differs", _("Sums that differ from their ledger"), _("%(number)s sums differ from their ledger: %(first)s."), "circle-x")
)
