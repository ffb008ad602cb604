from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class PapersConfig(AppConfig):
    name = "tests.papers"

    def ready(self) -> None:
        load_registrations(self.name)
