from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class AccountsConfig(AppConfig):
    name = "portal.accounts"

    def ready(self) -> None:
        load_registrations(self.name)
