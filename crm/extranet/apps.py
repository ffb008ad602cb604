from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.foundation.registries import load_registrations


class ExtranetConfig(AppConfig):
    name = "crm.extranet"
    verbose_name = _("the customers' site")

    def ready(self) -> None:
        load_registrations(self.name)
