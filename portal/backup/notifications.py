"""What administrators are told of backups."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

BACKUP_FAILED = register_kind(NotificationKind("backup.failed", _("Backups that failed"), _("Tonight's backup was not made: %(reason)s"), "database-backup"))
BACKUP_MISSING = register_kind(
    NotificationKind(
        "backup.missing",
        _("Backups that are missing"),
        _("There is no good backup of the last %(hours)s hours. See the state of the parts."),
        "database-backup",
    )
)
