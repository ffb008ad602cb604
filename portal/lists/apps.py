from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class ListsConfig(AppConfig):
    name = "portal.lists"

    def ready(self) -> None:
        load_registrations(self.name)
