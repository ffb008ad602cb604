"""What the frame itself has to remember."""

from django.db import models


class SentForm(models.Model):
    """A form that was carried out, by the key that its page carried: what it was answered with, and a digest of what it said."""

    sender = models.BigIntegerField()
    key = models.UUIDField()
    digest = models.CharField(max_length=64)
    answer = models.CharField(max_length=500)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "key"], name="foundation_form_is_sent_once")]
        indexes = [models.Index(fields=["sent_at"], name="foundation_form_sent_at")]

    def __str__(self) -> str:
        return f"{self.key} of {self.sender}"
