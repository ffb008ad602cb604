from contextlib import suppress
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from portal.foundation.registries import load_registrations


class AttachmentsConfig(AppConfig):
    name = "portal.attachments"

    def ready(self) -> None:
        with suppress(OSError):  # a full disk is told of by whoever wants to write
            Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)
        load_registrations(self.name)
