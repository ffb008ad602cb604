"""The private address under which a person reads the boards in a feed reader."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedAddress(models.Model):
    """One address for a person. Only the digest of its key is kept: who has the database has no addresses."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    key_digest = models.BinaryField(max_length=32, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), auto_now=True)

    def __str__(self) -> str:
        return str(self.person_id)
