"""What people are told of the forum."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

QUOTED = register_kind(NotificationKind("forum.quoted", _("Answers to what I wrote"), _("%(person)s answered you in “%(title)s”."), "reply"))
MENTIONED = register_kind(NotificationKind("forum.mentioned", _("Posts that call me"), _("%(person)s called you in “%(title)s”."), "at-sign"))
REPLIED = register_kind(
    NotificationKind("forum.replied", _("News in threads I follow"), _("New replies in “%(title)s”, the first by %(person)s."), "messages-square")
)
EVERY_REPLY = register_kind(
    NotificationKind("forum.every_reply", _("Every reply in threads I follow closely"), _("%(person)s replied in “%(title)s”."), "message-square")
)
HIDDEN = register_kind(NotificationKind("forum.hidden", _("Posts of mine that were hidden"), _("Your post in “%(title)s” was hidden: %(reason)s"), "eye-off"))
RESTORED = register_kind(
    NotificationKind("forum.restored", _("Posts of mine that are shown again"), _("Your post in “%(title)s” is shown again: %(reason)s"), "eye")
)
REPORTED = register_kind(NotificationKind("forum.reported", _("Posts that were reported"), _("A post in “%(title)s” was reported: %(reason)s"), "flag"))
HELD = register_kind(NotificationKind("forum.held", _("Posts to be looked at first"), _("A post in “%(title)s” has words to be looked at: %(words)s"), "flag"))
LET_THROUGH = register_kind(
    NotificationKind("forum.let_through", _("Posts of mine that were let through"), _("Your post in “%(title)s” was looked at and stands there now."), "eye")
)
NOT_LET_THROUGH = register_kind(
    NotificationKind("forum.not_let_through", _("Posts of mine that were not let through"), _("Your post in “%(title)s” is not shown: %(reason)s"), "eye-off")
)
ANSWERED = register_kind(NotificationKind("forum.case_closed", _("Answers to what I reported"), _("On what you reported in “%(title)s”: %(reason)s"), "flag"))
MOVED = register_kind(NotificationKind("forum.moved", _("Threads of mine that were moved"), _("“%(title)s” was moved to the board %(board)s."), "arrow-right"))
MUTED = register_kind(
    NotificationKind(
        "forum.muted",
        _("That I may not write in the forum"),
        _("You may not write in the forum until %(until)s: %(reason)s"),
        "volume-x",
        asks_nothing=True,
    )
)
