from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class ConfirmationsConfig(AppConfig):
    name = "portal.confirmations"

    def ready(self) -> None:
        load_registrations(self.name)
