"""Who may see an import, and go on with it: whoever may import such things."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.policies import Decision, Policy, Words, register
from portal.access.registry import has_capability
from portal.accounts.models import User
from portal.imports.definition import all_importers, importer_of
from portal.imports.models import Import


class ImportPolicy(Policy[Import]):
    actions: ClassVar[dict[str, Words]] = {"view": _("see"), "change": _("change")}

    def decide(self, user: Any, action: str, obj: Import) -> Decision:
        return Decision(has_capability(user, importer_of(obj.importer).capability), _("An import belongs to those who may import such things."))

    def visible(self, user: Any, rows: models.QuerySet[Import]) -> models.QuerySet[Import]:
        return rows.filter(importer__in=[importer.code for importer in all_importers() if has_capability(user, importer.capability)])

    def viewers(self, obj: Import) -> models.QuerySet[User]:
        holds = models.Q(stored_standing__tokens__contains=[f"cap:{importer_of(obj.importer).capability}"])
        return User.objects.active().filter(models.Q(is_superuser=True) | holds)


register(Import, ImportPolicy)
