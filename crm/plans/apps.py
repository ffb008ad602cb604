from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.foundation.registries import load_registrations


class PlansConfig(AppConfig):
    name = "crm.plans"
    verbose_name = _("Plans of sales")

    def ready(self) -> None:
        load_registrations(self.name)
