"""The stages through which an opportunity goes, apart for each kind of selling. A stage is a row: it may be renamed, and keeps what it has."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

STEP = 10  # between places, so that one is put between two


class SaleKind(models.TextChoices):
    TRANSACTIONAL = "transactional", _("transactional")
    RELATIONSHIP = "relationship", _("relationship")


class StageQuerySet(models.QuerySet["Stage"]):
    def of(self, kind: str) -> "StageQuerySet":
        """Those of a kind that are still entered, in their order."""
        return self.filter(kind=kind, ended_on__isnull=True)


class Stage(models.Model):
    """`place` orders the stages of a kind; the last of them is where what is won ends."""

    kind = models.CharField(_("kind of selling"), max_length=16, choices=SaleKind)
    name = models.CharField(pgettext_lazy("of a stage", "name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=40, blank=True)
    place = models.PositiveIntegerField(_("place"))
    ended_on = models.DateField(_("no longer entered since"), null=True, blank=True)

    objects = StageQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["kind", "place"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "place"], name="one_stage_at_a_place", deferrable=models.Deferrable.DEFERRED),
            models.UniqueConstraint(fields=["kind", "name"], name="one_stage_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and not (get_language() or "").startswith("zh") else self.name
