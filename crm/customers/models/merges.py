"""Two files of one customer are one from a moment on, until that is undone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.customers.models.customers import Customer


class Merge(models.Model):
    """`absorbed` went into `survivor`. `taken` has each field that was taken from the absorbed one: what the survivor said before, and what it says since.

    Both were files of their own then, so living merges make trees, and `Customer.root` is the top of each.
    """

    survivor = models.ForeignKey(Customer, verbose_name=_("the file that stays"), on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Customer, verbose_name=_("the file that goes into it"), on_delete=models.PROTECT, related_name="merges_into")
    taken = models.JSONField(default=dict)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    merged_at = models.DateTimeField(default=timezone.now)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("merge of customers")
        verbose_name_plural = _("merges of customers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["absorbed"], condition=Q(undone_at__isnull=True), name="merged_into_one"),
            models.CheckConstraint(name="merge_of_two", condition=~Q(survivor=F("absorbed"))),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed} → {self.survivor}"
