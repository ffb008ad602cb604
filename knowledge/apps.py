from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.foundation.registries import load_registrations


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = _("Knowledge base")

    def ready(self) -> None:
        load_registrations(self.name)
