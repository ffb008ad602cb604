"""manage.py read_files_again"""

from typing import Any

from django.core.management.base import BaseCommand

from portal.attachments.services import read_again


class Command(BaseCommand):
    help = "Lets the workers read once more what could not be read: after LibreOffice was installed, or after a day with too much to do."

    def handle(self, *args: Any, **options: Any) -> None:
        count = read_again()
        self.stdout.write(f"{count} files are read again, one after the other." if count else "There is no file whose text could not be read.")
