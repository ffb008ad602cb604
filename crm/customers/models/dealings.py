"""What was said to a customer and by them, and what was promised. A dealing is written once; what follows is another one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.models.customers import Customer

LONGEST = 2_000


class Dealing(models.Model):
    """A call, a visit, a note. With `due_on` something is promised until that day; `kept_at` says when it was done."""

    class Kind(models.TextChoices):
        CALL = "call", pgettext_lazy("by telephone", "call")
        VISIT = "visit", _("visit")
        MESSAGE = "message", _("message")
        OPINION = "opinion", _("opinion")
        COMPLAINT = "complaint", _("complaint")
        NOTE = "note", pgettext_lazy("on a customer", "note")

    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="dealings")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.CALL)
    text = models.TextField(_("what was said"), max_length=LONGEST)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("promised until"), null=True, blank=True)
    promise = models.CharField(_("what is promised"), max_length=200, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("dealing")
        verbose_name_plural = _("dealings")
        ordering = ["-happened_at", "-id"]
        indexes = [
            models.Index(fields=["customer", "-happened_at", "-id"], name="dealing_of_customer"),
            models.Index(fields=["due_on", "customer"], condition=Q(due_on__isnull=False, kept_at__isnull=True), name="dealing_promised"),
        ]
        constraints = [models.CheckConstraint(name="dealing_promises_something", condition=Q(due_on__isnull=True) | ~Q(promise=""))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at:%Y-%m-%d}"
