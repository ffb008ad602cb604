"""What people are told of marketing."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NotificationKind, register_kind

CAMPAIGN_TASK = register_kind(NotificationKind("marketing.task", _("Tasks of campaigns"), _("%(name)s: %(text)s until %(day)s."), "megaphone"))
CAMPAIGN_JUDGED = register_kind(NotificationKind("marketing.judged", _("Campaigns judged"), _("The campaign “%(name)s” was judged."), "megaphone"))
