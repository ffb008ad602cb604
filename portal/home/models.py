"""How each person has arranged their home page."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class HomeArrangement(models.Model):
    """The codes of the widgets in each column from the top, and those that are hidden. Widgets that are not named stand where they were registered."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, primary_key=True, related_name="+")
    main = models.JSONField(default=list)
    side = models.JSONField(default=list)
    hidden = models.JSONField(default=list)

    class Meta:
        verbose_name = _("arrangement of the home page")
        verbose_name_plural = _("arrangements of the home page")

    def __str__(self) -> str:
        return f"{self.user_id}"
