"""One row for each thing that one person was told."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.models import Audience
from portal.notifications.querysets import NotificationQuerySet


class Notification(models.Model):
    """`id` is the cursor: for one person, rows become visible in its order.

    What it asks of its reader on each look: to be in `audience`, the rule of the thing that it tells of, or to take part in that (`readers`, from
    `readers_level` on); to hold one of the tokens `needs` (those who
    publish for a department, who keep the roster); and that `ends_at`, when the thing leaves the eyes of readers, has not come.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60)
    delivery = models.UUIDField()
    words = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    audience = models.ForeignKey(Audience, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    readers = ArrayField(models.TextField(), null=True)
    readers_level = models.PositiveSmallIntegerField(default=0)
    needs = ArrayField(models.TextField(), null=True)
    ends_at = models.DateTimeField(null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notification_recent"),
            models.Index(fields=["recipient"], name="notification_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["created_at"], name="notification_created_at"),
            models.Index(fields=["url"], name="notification_url"),
        ]
        constraints = [models.UniqueConstraint(name="told_once", fields=["delivery", "recipient"])]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"


class Withdrawal(models.Model):
    """When what was told under an address was last taken back: what was asked for before and lies in the outbox still is not delivered."""

    url = models.CharField(max_length=300)
    kind = models.CharField(max_length=60)
    withdrawn_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_withdrawal", fields=["url", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.url}"
