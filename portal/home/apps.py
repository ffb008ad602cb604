from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class HomeConfig(AppConfig):
    name = "portal.home"

    def ready(self) -> None:
        load_registrations(self.name)
