from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class AdministrationConfig(AppConfig):
    name = "portal.administration"

    def ready(self) -> None:
        load_registrations(self.name)
