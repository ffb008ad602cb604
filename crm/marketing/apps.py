from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.foundation.registries import load_registrations


class MarketingConfig(AppConfig):
    name = "crm.marketing"
    verbose_name = _("Marketing")

    def ready(self) -> None:
        load_registrations(self.name)
