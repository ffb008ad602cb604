"""Who has read and confirmed what, and when."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bulletin.models.notices import Notice, NoticeVersion
from portal.organization.models import Department


class Reading(models.Model):
    """A person opened a notice, first at this time."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "notice"], name="one_reading_per_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.notice_id}"


class ReadingMark(models.Model):
    """Everything published up to here counts as read by the person: they said so, or were not here yet."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    read_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.read_until}"


class Confirmation(models.Model):
    """ "I have read this": a person, a version, a time. Rows are only added: the database refuses to change or remove one.

    `department` is the one in which the person was on that day; `number` repeats the version's, for it is asked on every board.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="confirmations", db_index=False)
    version = models.ForeignKey(NoticeVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(Department, verbose_name=_("department"), null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"))

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        indexes = [models.Index(fields=["notice", "number"], name="confirmation_notice")]
        constraints = [models.UniqueConstraint(fields=["person", "notice", "number"], name="one_confirmation_per_version")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.person_id}"
