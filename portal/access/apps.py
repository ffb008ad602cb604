from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class AccessConfig(AppConfig):
    name = "portal.access"

    def ready(self) -> None:
        load_registrations(self.name)
