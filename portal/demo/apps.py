from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class DemoConfig(AppConfig):
    name = "portal.demo"

    def ready(self) -> None:
        load_registrations(self.name)
