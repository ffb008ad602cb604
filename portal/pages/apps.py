from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class PagesConfig(AppConfig):
    name = "portal.pages"

    def ready(self) -> None:
        load_registrations(self.name)
