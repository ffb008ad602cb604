"""The record and its chain. Rows are only ever added; the database refuses anything else."""

from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import verb_label


class AuditRecord(models.Model):
    """One act: who did what to what, when, from where, before and after. The names stand as they were that day."""

    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("who"), null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    actor_label = models.CharField(max_length=120, blank=True)
    on_behalf_of = models.CharField(max_length=120, blank=True)
    verb = models.CharField(_("did"), max_length=80)
    object_type = models.CharField(max_length=80, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    object_label = models.CharField(_("to"), max_length=200, blank=True)
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), default=dict, encoder=DjangoJSONEncoder)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    address = models.GenericIPAddressField(_("from where"), null=True)
    agent = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=32, blank=True)

    class Meta:
        db_table = "audit_record"
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_object"),
            models.Index(fields=["verb", "-id"], name="audit_verb"),
        ]

    def __str__(self) -> str:
        """Never what it was done to: this stands on record itself."""
        return f"{self.verb} #{self.pk}"

    @property
    def verb_label(self) -> str:
        """The act in the reader's language."""
        return verb_label(self.verb)

    @property
    def kind_label(self) -> str:
        """What kind of thing it was done to, in the reader's language."""
        return _kind_label(self.object_type, get_language()) if self.object_type else ""

    @property
    def number_label(self) -> str:
        """The number of the thing, short where it is a long key."""
        return f"#{self.object_id[:8]}" if self.object_id else ""

    @property
    def changes(self) -> list[tuple[str, object, object]]:
        """What differs, as (name of the field in the reader's language, before, after), in the order of the fields."""
        fields = [field for field in dict.fromkeys([*self.before, *self.after]) if self.before.get(field) != self.after.get(field)]
        return [(self._named(field), self._said(field, self.before.get(field)), self._said(field, self.after.get(field))) for field in fields]

    def _named(self, name: str) -> str:
        """The name itself where it is none of the thing's fields, or its module is no longer there."""
        field = self._field(name)
        return capfirst(str(field.verbose_name)) if field is not None else name.replace("_", " ")

    def _said(self, name: str, value: object) -> object:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        field = self._field(name)
        choices = dict(field.flatchoices) if field is not None else {}
        return choices.get(value, value) if isinstance(value, str | int) else value

    def _field(self, name: str) -> Any:
        try:
            found = apps.get_model(self.object_type)._meta.get_field(name)
        except (LookupError, ValueError, FieldDoesNotExist):
            return None
        return found if isinstance(found, models.Field) else None


@cache
def _kind_label(object_type: str, _language: str | None) -> str:
    try:
        return str(apps.get_model(object_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return object_type


class AuditLink(models.Model):
    """A link of the chain, written by the database at commit: sha256 over the link before and the record's row."""

    position = models.BigIntegerField(primary_key=True)
    record_id = models.BigIntegerField(unique=True)
    digest = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_link"

    def __str__(self) -> str:
        return f"{self.position}"
