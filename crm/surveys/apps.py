from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.foundation.registries import load_registrations


class SurveysConfig(AppConfig):
    name = "crm.surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        load_registrations(self.name)
