from django.apps import AppConfig
from django.conf import settings

from portal.foundation.limited import hide_from_limited


class RuntimeConfig(AppConfig):
    name = "portal.runtime"

    def ready(self) -> None:
        hide_from_limited(settings.DATA_DIR)
