"""What is asked of confirmations by whoever has a thing or a person."""

from typing import Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models


class ConfirmationQuerySet(models.QuerySet[Any]):
    def of(self, about: models.Model) -> Self:
        """Of one thing, all versions."""
        return self.filter(about_type=ContentType.objects.get_for_model(about), about_id=about.pk)

    def of_any(self, model: type[models.Model]) -> Self:
        """Of all things of a model."""
        return self.filter(about_type=ContentType.objects.get_for_model(model))

    def by(self, person: Any) -> Self:
        return self.filter(person=person.pk)
