"""What people are told of customers."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

HANDED_OVER = register_kind(
    NotificationKind(
        "customers.handed_over",
        _("Portfolios that I take over"),
        _("From %(day)s you answer for the portfolio %(portfolio)s with %(number)s customers."),
        "arrow-right-left",
    )
)
VACANT = register_kind(
    NotificationKind(
        "customers.vacant", _("Portfolios that nobody holds"), _("Nobody answers for the portfolio %(portfolio)s any more. Hand it over."), "user-x"
    )
)
TAKEN_OUT = register_kind(
    NotificationKind(
        "customers.taken_out",
        _("Imports of customers that are taken out again"),
        _("The import is taken out: %(number)s files are as they were, %(kept)s stayed, for somebody has worked with them since."),
        "undo-2",
    )
)
DOSSIER_ENDS = register_kind(
    NotificationKind(
        "customers.dossier_ends",
        _("Agreements and certificates that end"),
        _("“%(entry)s” of %(customer)s ends on %(day)s. Renew it, or write what takes its place."),
        "calendar-clock",
    )
)
