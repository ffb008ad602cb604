"""What people keep of lists: views, the columns they want, files that are being made."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.visibility import Audienced
from portal.accounts.models import User

LONGEST_QUERY = 2_000


class SavedView(Audienced):
    """A question to a list under a name, for its owner or an audience. Whoever opens it sees the rows that are theirs to see."""

    list_code = models.CharField(max_length=80)
    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    query = models.CharField(max_length=LONGEST_QUERY)
    is_shared = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "list_code", "name"], name="lists_one_view_of_a_name")]
        indexes = [models.Index(fields=["list_code", "audience"], name="lists_view_audience")]

    def __str__(self) -> str:
        return self.name


class Arrangement(models.Model):
    """How one person has arranged one list: the columns in their order, and the view that it opens with. Personal, so not on record."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    list_code = models.CharField(max_length=80)
    columns = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    start_view = models.ForeignKey(SavedView, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "list_code"], name="lists_one_arrangement")]

    def __str__(self) -> str:
        return f"{self.list_code} of {self.person_id}"


class ListExport(models.Model):
    """A file that is made in the background from what a person may see in a list, for that person alone."""

    class State(models.TextChoices):
        WAITING = "waiting", _("under way")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    list_code = models.CharField(max_length=80)
    query = models.CharField(max_length=LONGEST_QUERY)
    kind = models.CharField(max_length=4, choices=[("xlsx", "XLSX"), ("csv", "CSV")])
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)
    file = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="lists_export_asked_at")]

    def __str__(self) -> str:
        return f"{self.list_code}.{self.kind}"

    @property
    def is_under_way(self) -> bool:
        return self.state == self.State.WAITING

    def get_file_name(self, heading: Any) -> str:
        return f"{heading}-{self.asked_at:%Y%m%d-%H%M}.{self.kind}"
