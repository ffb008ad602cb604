"""What is drawn of a kind and not published yet."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.approvals.models.kinds import PaperKind


class Drawing(models.Model):
    """The form and the route of a kind while they are drawn, whole or not. `number` counts the changes, so that nobody changes what they did not see.

    `before` are the last states, the latest at the end.
    """

    kind = models.OneToOneField(PaperKind, on_delete=models.CASCADE, related_name="drawing")
    number = models.PositiveIntegerField(default=0)
    fields = models.JSONField(default=list)
    tables = models.JSONField(default=list)
    steps = models.JSONField(default=list)
    before = models.JSONField(default=list)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.kind_id} drawing {self.number}"

    def as_data(self) -> dict[str, Any]:
        return {"fields": self.fields, "tables": self.tables, "steps": self.steps}
