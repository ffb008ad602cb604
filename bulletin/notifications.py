"""What people are told of the boards."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

PUBLISHED = register_kind(NotificationKind("bulletin.published", _("New on the boards"), _("%(department)s: %(title)s"), "megaphone"))
URGENT = register_kind(NotificationKind("bulletin.urgent", _("Urgent notices"), _("Urgent, %(department)s: %(title)s"), "triangle-alert"))
CORRECTED = register_kind(NotificationKind("bulletin.corrected", _("Corrections"), _("%(department)s corrected “%(title)s”: %(note)s"), "pencil"))
CONFIRM = register_kind(
    NotificationKind(
        "bulletin.reminder",
        _("Reminders to confirm"),
        _("Please confirm that you have read “%(title)s” by %(day)s."),
        "badge-check",
        without={"day": _("Please confirm that you have read “%(title)s”.")},
    )
)
OVERDUE = register_kind(
    NotificationKind("bulletin.overdue", _("Confirmations that are overdue"), _("%(number)s of your people have not confirmed “%(title)s”."), "clock-alert")
)
APPROVAL = register_kind(NotificationKind("bulletin.approval", _("Notices that wait for you"), _("%(person)s asks you to approve “%(title)s”."), "stamp"))
SENT_BACK = register_kind(NotificationKind("bulletin.sent_back", _("Notices sent back"), _("%(person)s sent “%(title)s” back: %(comment)s"), "undo-2"))
APPROVED = register_kind(NotificationKind("bulletin.approved", _("Notices approved"), _("%(person)s approved “%(title)s”."), "check"))
RETRACTED = register_kind(NotificationKind("bulletin.retracted", _("Notices retracted"), _("%(person)s retracted “%(title)s”: %(reason)s"), "ban"))
DELEGATED = register_kind(
    NotificationKind(
        "bulletin.delegated", _("Publishing delegated"), _("You may publish for %(department)s from %(start)s to %(end)s."), "key-round", asks_nothing=True
    )
)
NOT_PUBLISHED = register_kind(
    NotificationKind("bulletin.not_published", _("Schedules that failed"), _("“%(title)s” was not published at its time: %(reason)s"), "calendar-x")
)
PLAN_LAPSED = register_kind(
    NotificationKind(
        "bulletin.plan_lapsed",
        _("Plans that lapsed"),
        _("News that you had planned was not published: you do not edit the news any more."),
        "calendar-x",
        asks_nothing=True,
    )
)
ADOPTED = register_kind(NotificationKind("bulletin.adopted", _("Suggestions adopted"), _("Adopted on “%(title)s”: %(suggestion)s"), "circle-check"))
SUGGESTION_DONE = register_kind(
    NotificationKind("bulletin.suggestion_done", _("Suggestions carried out"), _("Done, as suggested on “%(title)s”: %(suggestion)s"), "check")
)
TOPIC_CLOSED = register_kind(
    NotificationKind("bulletin.topic_closed", _("Topics closed"), _("“%(title)s” is closed; %(number)s suggestions were adopted."), "lock")
)
TOPIC_UNCLOSED = register_kind(
    NotificationKind("bulletin.topic_unclosed", _("Topics to close"), _("The last day of “%(title)s” has passed. Close it with a summary."), "clock-alert")
)
