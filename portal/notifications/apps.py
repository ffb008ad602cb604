from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class NotificationsConfig(AppConfig):
    name = "portal.notifications"

    def ready(self) -> None:
        load_registrations(self.name)
