from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class OrganizationConfig(AppConfig):
    name = "portal.organization"

    def ready(self) -> None:
        load_registrations(self.name)
