"""What people are told of the knowledge base."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

ASKED = register_kind(NotificationKind("knowledge.asked", _("Articles that wait for you"), _("%(person)s asks you to admit “%(title)s”."), "stamp"))
ADMITTED = register_kind(NotificationKind("knowledge.admitted", _("Articles admitted"), _("%(person)s admitted “%(title)s”."), "check"))
SENT_BACK = register_kind(NotificationKind("knowledge.sent_back", _("Articles sent back"), _("%(person)s sent “%(title)s” back: %(comment)s"), "undo-2"))
ASSIGNED = register_kind(
    NotificationKind("knowledge.assigned", _("Admissions handed to you"), _("%(person)s asks you to decide on “%(title)s”."), "user-check")
)
REVIEW_DUE = register_kind(
    NotificationKind(
        "knowledge.review_due", _("Articles to review"), _("“%(title)s” is to be reviewed by %(day)s: keep it, revise it or withdraw it."), "clock-alert"
    )
)
SUGGESTED = register_kind(
    NotificationKind("knowledge.suggested", _("Suggested changes"), _("%(person)s would change “%(title)s”: %(text)s"), "message-square-plus")
)
ANSWERED = register_kind(
    NotificationKind("knowledge.answered", _("Answers to suggested changes"), _("On what you suggested for “%(title)s”: %(answer)s"), "reply")
)
WITHDRAWN = register_kind(NotificationKind("knowledge.withdrawn", _("Articles withdrawn"), _("%(person)s withdrew “%(title)s”: %(reason)s"), "ban"))
