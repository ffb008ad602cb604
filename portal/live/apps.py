from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class LiveConfig(AppConfig):
    name = "portal.live"

    def ready(self) -> None:
        load_registrations(self.name)
