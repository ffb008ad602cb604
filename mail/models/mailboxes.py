"""Mailboxes, the addresses that were ever given, and the folders that people make."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MEGABYTE = 10**6
USUAL_LIMIT = 200 * MEGABYTE
LONGEST_FOLDER = 40


class Mailbox(models.Model):
    """Everyone's one mailbox, which stays when its owner leaves.

    `used` is the sum of the sizes of its placements that are there, and `moved` counts up with every change of them: triggers of the database write both.
    """

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="mailbox")
    limit = models.BigIntegerField(_("limit in bytes"), default=USUAL_LIMIT)
    used = models.BigIntegerField(default=0)
    moved = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints = [models.CheckConstraint(name="mailbox_used_is_not_below_nought", condition=Q(used__gte=0, limit__gte=0))]

    def __str__(self) -> str:
        return f"{self.owner_id}"

    @property
    def used_part(self) -> int:
        """In hundredths of the limit."""
        return min(100, round(100 * self.used / self.limit)) if self.limit else 100


class Address(models.Model):
    """What stands before the @: given once and for ever. The first of a mailbox is of the name, the other the employee number."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="addresses")
    local = models.CharField(max_length=64, unique=True)
    is_number = models.BooleanField(default=False)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("address")
        ordering = ["is_number", "id"]
        constraints = [models.CheckConstraint(name="mail_address_in_lower_case", condition=Q(local=Lower("local")))]

    def __str__(self) -> str:
        return f"{self.local}@{settings.ENVIRONMENT.mail_domain}"


class Folder(models.Model):
    """One that somebody made, in their own mailbox."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="folders")
    name = models.CharField(_("name"), max_length=LONGEST_FOLDER)

    class Meta:
        verbose_name = _("folder")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(name="mail_folder_is_named_once", fields=["mailbox", "name"])]

    def __str__(self) -> str:
        return f"{self.pk}"
