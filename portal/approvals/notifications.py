"""What people are told of papers."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

WAITS = register_kind(NotificationKind("approvals.waits", _("Papers that wait for me"), _("%(person)s: “%(title)s” waits for you (%(step)s)."), "stamp"))
ASKED = register_kind(
    NotificationKind("approvals.asked", _("Opinions asked of me"), _("%(person)s asks you about “%(title)s”: %(note)s"), "message-circle-question-mark")
)
ANSWERED = register_kind(
    NotificationKind("approvals.answered", _("Opinions that I asked for"), _("%(person)s on “%(title)s”: %(note)s"), "message-square-reply")
)
RETURNED = register_kind(NotificationKind("approvals.returned", _("Papers returned"), _("%(person)s returned “%(title)s”: %(note)s"), "undo-2"))
APPROVED = register_kind(NotificationKind("approvals.approved", _("Papers approved"), _("“%(title)s” is approved."), "circle-check"))
REFUSED = register_kind(NotificationKind("approvals.refused", _("Papers refused"), _("%(person)s refused “%(title)s”: %(note)s"), "circle-x"))
WITHDRAWN = register_kind(NotificationKind("approvals.withdrawn", _("Papers withdrawn"), _("%(person)s withdrew “%(title)s”."), "ban"))
COPIED = register_kind(NotificationKind("approvals.copied", _("Copies sent to me"), _("%(person)s sends you a copy of “%(title)s”."), "send"))
TOLD = register_kind(NotificationKind("approvals.told", _("Papers to take note of"), _("“%(title)s”, begun by %(person)s, concerns you (%(step)s)."), "info"))
URGED = register_kind(NotificationKind("approvals.urged", _("Papers urged"), _("%(person)s asks you to decide on “%(title)s” soon."), "bell-ring"))
OVERDUE = register_kind(NotificationKind("approvals.overdue", _("Papers overdue"), _("“%(title)s” is overdue at %(step)s."), "clock-alert"))
CHANGED = register_kind(
    NotificationKind("approvals.changed", _("Papers changed after me"), _("“%(title)s”, on which you decided, was changed and submitted again."), "pencil")
)

VOID_ASKED = register_kind(NotificationKind("approvals.void_asked", _("Papers to be voided"), _("%(person)s asks to void “%(title)s”: %(note)s"), "file-x"))
VOIDED = register_kind(NotificationKind("approvals.voided", _("Papers voided"), _("%(person)s voided “%(title)s”: %(note)s"), "file-x"))

FOLLOWS = register_kind(
    NotificationKind("approvals.follows", _("Papers begun for me"), _("“%(title)s” is approved: a draft of “%(kind)s” was begun for you."), "file-plus")
)

ALL = (WAITS, ASKED, ANSWERED, RETURNED, APPROVED, REFUSED, WITHDRAWN, COPIED, TOLD, URGED, OVERDUE, CHANGED, VOID_ASKED, VOIDED)
