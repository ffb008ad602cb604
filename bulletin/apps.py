from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class BulletinConfig(AppConfig):
    name = "bulletin"

    def ready(self) -> None:
        load_registrations(self.name)
