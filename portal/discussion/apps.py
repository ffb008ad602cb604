from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class DiscussionConfig(AppConfig):
    name = "portal.discussion"

    def ready(self) -> None:
        load_registrations(self.name)
