from django.apps import AppConfig

from portal.foundation.registries import load_registrations


class BulletinConfig(AppConfig):
    name = "bulletin"

    def ready(self) -> None:
        load_registrations(
            self.name,
            "verbs",
            "capabilities",
            "notifications",
            "policies",
            "pages",
            "effects",
            "organization",
            "navigation",
            "discussions",
            "widgets",
            "editing",
            "search",
        )
        load_registrations(f"{self.name}.news", "verbs", "policies", "pages", "navigation", "widgets")
