"""An order that does not pass by itself, and the paper by which it is let through (放行): so much above the limit, so much overdue, so much above caps."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.catalogue.models import Warehouse
from crm.customers.models import Customer
from crm.orders.models.orders import MOST_FEN, Order
from portal.approvals.models import Paper


class Release(models.Model):
    """`digest` is of the order as it was asked, `said` of what the paper said: another order, or a paper that was changed, is not released.

    `needs` is what the paper allows (`crm.orders.judging.Needs`), and nothing above that. `order` is what became of it.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("of a release", "under way")
        APPROVED = "approved", pgettext_lazy("of a release", "released, not confirmed yet")
        USED = "used", pgettext_lazy("of a release", "released and confirmed")
        REFUSED = "refused", pgettext_lazy("of a release", "not released")

    paper = models.OneToOneField(Paper, verbose_name=_("paper"), on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="releases")
    warehouse = models.ForeignKey(Warehouse, verbose_name=_("warehouse"), on_delete=models.PROTECT, related_name="+")
    wanted_on = models.DateField(_("wanted on"))
    quantities = models.JSONField()
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    total = models.BigIntegerField(_("total"))
    needs = models.JSONField()
    reason = models.CharField(_("reason"), max_length=400)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    hindrance = models.TextField(blank=True)
    order = models.OneToOneField(Order, verbose_name=_("order"), null=True, on_delete=models.PROTECT, related_name="release")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    key = models.UUIDField(unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    said = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="release_newest"), models.Index(fields=["customer", "-id"], name="release_of_customer")]
        constraints = [
            models.CheckConstraint(name="release_total_is_a_sum", condition=Q(total__gte=0, total__lte=MOST_FEN)),
            models.CheckConstraint(name="release_used_has_an_order", condition=Q(state="used", order__isnull=False) | (~Q(state="used") & Q(order=None))),
            models.CheckConstraint(name="release_approved_ends", condition=~Q(state__in=("approved", "used")) | Q(valid_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.asked_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("crm:release_detail", args=[self.pk])

    @property
    def amounts(self) -> dict[int, int]:
        """Base units by product."""
        return {int(product): quantity for product, quantity in self.quantities.items()}
