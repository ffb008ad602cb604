"""What discussions tell people."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

ANSWERED = register_kind(NotificationKind("discussion.answered", _("Someone answered me"), _("%(person)s answered you on “%(title)s”."), "reply"))
COMMENTED = register_kind(
    NotificationKind("discussion.commented", _("New in a discussion that I follow"), _("New in the discussion of “%(title)s” (%(person)s)."), "message-square")
)
REMOVED = register_kind(
    NotificationKind("discussion.removed", _("A comment of mine was removed"), _("Your comment on “%(title)s” was removed: %(reason)s"), "message-square-x")
)

OF_DISCUSSIONS = (ANSWERED, COMMENTED, REMOVED)
