"""What people are told of visits, calls and questions."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

MISSED = register_kind(
    NotificationKind(
        "activities.missed", _("Visits and calls that I missed"), _("%(portfolio)s: %(number)s promised visits or calls were missed. Say why."), "calendar-x"
    )
)
UNFIT = register_kind(
    NotificationKind(
        "activities.unfit",
        _("Visits that do not fit into a week"),
        _("%(portfolio)s: %(number)s promised visits do not fit into the week from %(day)s. Move them, or excuse them."),
        "calendar-clock",
    )
)
DIARY_ASKS = register_kind(
    NotificationKind("activities.diary_asks", _("Diaries that ask for an answer"), _("%(who)s, diary of %(day)s: %(text)s"), "notebook-pen")
)
DIARY_ANSWERED = register_kind(
    NotificationKind("activities.diary_answered", _("Answers to diaries"), _("%(who)s on the diary of %(day)s: %(text)s"), "message-square-reply")
)
CARE = register_kind(
    NotificationKind(
        "activities.care", _("Campaigns of care for my customers"), _("%(name)s: %(number)s of your customers are in it, until %(day)s."), "heart-handshake"
    )
)
CARE_DECIDED = register_kind(
    NotificationKind(
        "activities.care_decided",
        _("Aid for customers that was decided"),
        _("%(name)s: the aid of %(paper)s is approved; its visits are promised."),
        "badge-check",
    )
)
CARE_NOT_DECIDED = register_kind(
    NotificationKind(
        "activities.care_not_decided",
        _("Aid for customers that was not approved"),
        _("%(name)s: the paper %(paper)s was not approved. The aid can be changed and asked for again."),
        "badge-x",
    )
)
