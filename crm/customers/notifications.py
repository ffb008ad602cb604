"""What people are told of customers."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

HANDED_OVER = register_kind(
    NotificationKind(
        "customers.handed_over",
        _("Portfolios that I take over"),
        _("From %(day)s you answer for the portfolio %(portfolio)s with %(number)s customers."),
        "users",
    )
)
VACANT = register_kind(
    NotificationKind(
        "customers.vacant", _("Portfolios that nobody holds"), _("Nobody answers for the portfolio %(portfolio)s any more. Hand it over."), "user-x"
    )
)
