from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.foundation.registries import load_registrations


class OrdersConfig(AppConfig):
    name = "crm.orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        load_registrations(self.name)
