"""What was confirmed, and of what people were reminded last."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.confirmations.querysets import ConfirmationQuerySet
from portal.organization.models import Department


class Confirmation(models.Model):
    """ "I have read this": a person, a version of a thing, a time. Rows are only added: the database refuses to change or remove one.

    `department` is the one in which the person was on that day.
    """

    about_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", db_index=False)
    about_id = models.BigIntegerField()
    about = GenericForeignKey("about_type", "about_id", for_concrete_model=True)
    number = models.PositiveIntegerField(_("version"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(Department, verbose_name=_("department"), null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"))

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        indexes = [models.Index(fields=["about_type", "about_id", "number"], name="confirmation_about")]
        constraints = [models.UniqueConstraint(fields=["person", "about_type", "about_id", "number"], name="one_confirmation_of_a_version")]

    def __str__(self) -> str:
        return f"{self.about_type_id}-{self.about_id} · {self.number} {self.person_id}"


class Reminder(models.Model):
    """When those who had not confirmed a thing were last reminded by somebody's press."""

    about_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", db_index=False)
    about_id = models.BigIntegerField()
    reminded_at = models.DateTimeField(_("reminded"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [models.UniqueConstraint(fields=["about_type", "about_id"], name="one_reminder_of_a_thing")]

    def __str__(self) -> str:
        return f"{self.about_type_id}-{self.about_id} {self.reminded_at}"
