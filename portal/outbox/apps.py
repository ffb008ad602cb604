from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class OutboxConfig(AppConfig):
    name = "portal.outbox"

    def ready(self) -> None:
        load_registrations(self.name)
