"""What people inside are told of the customers' site."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

ORDERED = register_kind(
    NotificationKind("extranet.ordered", _("Orders on the customers' site"), _("%(customer)s ordered by themselves: %(number)s, %(sum)s."), "shopping-cart")
)
CANCELLED = register_kind(
    NotificationKind("extranet.cancelled", _("Orders cancelled on the customers' site"), _("%(customer)s cancelled %(number)s: %(reason)s"), "shopping-cart")
)
JOINED = register_kind(
    NotificationKind("extranet.joined", _("People who joined the customers' site"), _("%(name)s of %(customer)s joined."), "id-card-lanyard")
)
