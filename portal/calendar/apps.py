from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class CalendarConfig(AppConfig):
    name = "portal.calendar"

    def ready(self) -> None:
        load_registrations(self.name)
