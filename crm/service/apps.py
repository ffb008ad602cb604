from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.foundation.registries import load_registrations


class ServiceConfig(AppConfig):
    name = "crm.service"
    verbose_name = _("Service")

    def ready(self) -> None:
        load_registrations(self.name)
