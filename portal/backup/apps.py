from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class BackupConfig(AppConfig):
    name = "portal.backup"

    def ready(self) -> None:
        load_registrations(self.name)
