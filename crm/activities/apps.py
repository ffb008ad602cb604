from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.foundation.registries import load_registrations


class ActivitiesConfig(AppConfig):
    name = "crm.activities"
    verbose_name = _("Visits and calls")

    def ready(self) -> None:
        load_registrations(self.name)
