from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class DirectoryConfig(AppConfig):
    name = "portal.directory"

    def ready(self) -> None:
        load_registrations(self.name)
