"""What people are told of orders."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

RELEASED = register_kind(
    NotificationKind("orders.released", _("Orders released"), _("The order for %(customer)s was released and is confirmed: %(number)s."), "shopping-cart")
)
HINDERED = register_kind(
    NotificationKind("orders.hindered", _("Orders released that do not pass yet"), _("The order for %(customer)s was released and does not pass yet."), "pause")
)
NOT_RELEASED = register_kind(NotificationKind("orders.not_released", _("Orders not released"), _("The order for %(customer)s was not released."), "circle-x"))
BOUNCED = register_kind(
    NotificationKind(
        "orders.bounced",
        _("Payments taken back"),
        _("The bank took back %(sum)s of %(customer)s (%(reference)s). Nothing more passes before it is paid."),
        "circle-x",
    )
)
