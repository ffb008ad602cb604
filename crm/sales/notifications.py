"""What people are told of sales."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

NEEDED = register_kind(
    NotificationKind("sales.needed", _("Needs heard of by service"), _("%(customer)s wants goods: service has handed you a lead."), "target")
)

LATE_STEP = register_kind(
    NotificationKind("sales.late_step", _("Late next steps of opportunities"), _("“%(name)s”: %(step)s was due on %(day)s."), "clock-alert")
)

RETURNED = register_kind(NotificationKind("sales.expense_returned", _("Expenses sent back"), _("The expense %(number)s was sent back: %(reason)s"), "undo-2"))

WAITING = register_kind(
    NotificationKind("sales.expenses_waiting", _("Expenses to be confirmed"), _("%(count)s expenses wait for you to confirm them."), "receipt-text")
)
