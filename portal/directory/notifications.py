"""What people are told of the plant's changes."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

STANDS_IN = register_kind(
    NotificationKind(
        "organization.stands_in", _("Being a deputy"), _("You stand in for %(person)s (%(post)s) from %(day)s on."), "user-check", asks_nothing=True
    )
)
STOOD_IN_FOR = register_kind(
    NotificationKind(
        "organization.stood_in_for", _("Having a deputy"), _("%(person)s stands in for you (%(post)s) from %(day)s on."), "user-check", asks_nothing=True
    )
)
MOVED = register_kind(NotificationKind("organization.moved", _("Moving"), _("From %(day)s on you are %(post)s."), "arrow-right", asks_nothing=True))
