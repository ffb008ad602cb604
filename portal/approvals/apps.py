from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class ApprovalsConfig(AppConfig):
    name = "portal.approvals"

    def ready(self) -> None:
        load_registrations(self.name)
