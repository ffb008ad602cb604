from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class ImportsConfig(AppConfig):
    name = "portal.imports"

    def ready(self) -> None:
        load_registrations(self.name)
