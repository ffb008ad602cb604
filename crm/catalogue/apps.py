from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.foundation.registries import load_registrations


class CatalogueConfig(AppConfig):
    name = "crm.catalogue"
    verbose_name = _("Products")

    def ready(self) -> None:
        load_registrations(self.name)
