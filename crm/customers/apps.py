from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.foundation.registries import load_registrations


class CustomersConfig(AppConfig):
    name = "crm.customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        load_registrations(self.name)
