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
    NotificationKind("activities.care", _("Campaigns of care for my customers"), _("%(name)s: %(number)s of your customers are in it, until %(day)s."), "heart")
)
CARE_DECIDED = register_kind(
    NotificationKind(
        "activities.care_decided",
        _("Aid for customers that was decided"),
        _("%(name)s: the aid of %(paper)s is approved; its visits are promised."),
        "circle-check",
    )
)
CARE_NOT_DECIDED = register_kind(
    NotificationKind(
        "activities.care_not_decided",
        _("Aid for customers that was not approved"),
        _("%(name)s: the paper %(paper)s was not approved. The aid can be changed and asked for again."),
        "circle-x",
    )
)
MARKET_CALLED = register_kind(
    NotificationKind(
        "activities.market_called", _("Market reports that I owe"), _("%(portfolio)s: the market report on %(period)s is due on %(day)s."), "clipboard-pen"
    )
)
MARKET_DUE = register_kind(
    NotificationKind(
        "activities.market_due",
        _("Market reports whose day has come"),
        _("%(portfolio)s: the market report on %(period)s was due on %(day)s and is not handed in."),
        "alarm-clock",
    )
)
MARKET_HANDED_IN = register_kind(
    NotificationKind(
        "activities.market_handed_in", _("Market reports to be graded"), _("%(who)s, %(portfolio)s: market report on %(period)s."), "clipboard-check"
    )
)
MARKET_SENT_BACK = register_kind(
    NotificationKind(
        "activities.market_sent_back",
        _("Market reports that were sent back"),
        _("%(portfolio)s: more is wanted in the market report on %(period)s: %(text)s"),
        "undo-2",
    )
)
MARKET_GRADED = register_kind(
    NotificationKind(
        "activities.market_graded",
        _("Grades of my market reports"),
        _("%(portfolio)s: the market report on %(period)s has %(grade)s of 5 for accuracy: %(text)s"),
        "star",
    )
)
