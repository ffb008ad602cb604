"""The table of settings of docs/operators.md, printed from the settings themselves."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Print every setting, its default and what it is for, as Markdown."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("| setting | default | what it is |\n|---|---|---|")
        for field in type(settings.ENVIRONMENT).model_fields.values():
            default = "`var/`" if field.alias == "PORTAL_DATA_DIR" else f"`{field.default}`" if field.default != "" else ""
            self.stdout.write(f"| `{field.alias}` | {default} | {field.description} |")
