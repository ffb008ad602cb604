"""What people are told of plans."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

IN_FORCE = register_kind(
    NotificationKind("plans.in_force", _("Plans of sales in force"), _("The plan %(plan)s is in force (version %(number)s)."), "chart-column-increasing")
)
NOT_APPROVED = register_kind(NotificationKind("plans.not_approved", _("Plans of sales not approved"), _("The plan %(plan)s was not approved."), "circle-x"))
