from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.foundation.registries import load_registrations


class SalesConfig(AppConfig):
    name = "crm.sales"
    verbose_name = _("Sales")

    def ready(self) -> None:
        load_registrations(self.name)
