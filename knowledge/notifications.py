"""What people are told of the knowledge base."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

ASKED = register_kind(NotificationKind("knowledge.asked", _("Articles that wait for you"), _("%(person)s asks you to admit “%(title)s”."), "stamp"))
ASKED_TOGETHER = register_kind(
    NotificationKind("knowledge.asked_together", _("Several articles that wait for you"), _("%(person)s asks you to admit %(number)s articles."), "stamp")
)
ADMITTED = register_kind(NotificationKind("knowledge.admitted", _("Articles admitted"), _("%(person)s admitted “%(title)s”."), "check"))
SENT_BACK = register_kind(NotificationKind("knowledge.sent_back", _("Articles sent back"), _("%(person)s sent “%(title)s” back: %(comment)s"), "undo-2"))
ASSIGNED = register_kind(
    NotificationKind("knowledge.assigned", _("Admissions handed to you"), _("%(person)s asks you to decide on “%(title)s”."), "arrow-right-left")
)
REVIEW_DUE = register_kind(
    NotificationKind(
        "knowledge.review_due", _("Articles to review"), _("“%(title)s” is to be reviewed by %(day)s: keep it, revise it or withdraw it."), "clock-alert"
    )
)
SUGGESTED = register_kind(
    NotificationKind("knowledge.suggested", _("Suggested changes"), _("%(person)s would change “%(title)s”: %(text)s"), "message-square-quote")
)
ANSWERED = register_kind(
    NotificationKind("knowledge.answered", _("Answers to suggested changes"), _("On what you suggested for “%(title)s”: %(answer)s"), "reply")
)
WITHDRAWN = register_kind(NotificationKind("knowledge.withdrawn", _("Articles withdrawn"), _("%(person)s withdrew “%(title)s”: %(reason)s"), "ban"))

IMPORTED = register_kind(
    NotificationKind("knowledge.imported", _("Imports of files"), _("Your import is done: %(made)s drafts, %(refused)s files not taken."), "folder-input")
)

POLICY_PUBLISHED = register_kind(
    NotificationKind("knowledge.policy_published", _("New policies"), _("New policy %(number)s “%(title)s”, in force from %(day)s."), "shield-check")
)
POLICY_REVISED = register_kind(
    NotificationKind("knowledge.policy_revised", _("Policies revised"), _("%(number)s “%(title)s” was revised, in force from %(day)s."), "shield-check")
)
POLICY_EFFECTIVE = register_kind(
    NotificationKind("knowledge.policy_effective", _("Policies that take effect"), _("%(number)s “%(title)s” is in force from today."), "calendar-check")
)
POLICY_WITHDRAWN = register_kind(
    NotificationKind("knowledge.policy_withdrawn", _("Versions taken back"), _("A version of %(number)s “%(title)s” was taken back: %(reason)s"), "undo-2")
)
POLICY_REMINDER = register_kind(
    NotificationKind(
        "knowledge.policy_reminder",
        _("Policies to confirm"),
        _("Please confirm that you have read the policy “%(title)s” by %(day)s."),
        "badge-check",
        without={"day": _("Please confirm that you have read the policy “%(title)s”.")},
    )
)
POLICY_OVERDUE = register_kind(
    NotificationKind(
        "knowledge.policy_overdue",
        _("Confirmations of policies that are overdue"),
        _("%(number)s of your people have not confirmed the policy “%(title)s”."),
        "clock-alert",
    )
)
POLICY_REVIEW_DUE = register_kind(
    NotificationKind(
        "knowledge.policy_review_due",
        _("Policies to review"),
        _("%(number)s “%(title)s” is to be reviewed by %(day)s: keep it, revise it or repeal it."),
        "clock-alert",
    )
)
ACCESS_ASKED = register_kind(
    NotificationKind("knowledge.access_asked", _("Requests to read a policy"), _("%(person)s asks to read “%(title)s”: %(reason)s"), "key-round")
)
ACCESS_GRANTED = register_kind(
    NotificationKind("knowledge.access_granted", _("Reading granted"), _("You may read the policy “%(title)s” until %(day)s."), "key-round")
)
ACCESS_DECLINED = register_kind(
    NotificationKind("knowledge.access_declined", _("Reading declined"), _("You may not read “%(title)s”: %(answer)s"), "key-round")
)
