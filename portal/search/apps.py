from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class SearchConfig(AppConfig):
    name = "portal.search"

    def ready(self) -> None:
        load_registrations(self.name)
