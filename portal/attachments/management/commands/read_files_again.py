"""manage.py read_files_again"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.attachments.services import read_again

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Command(BaseCommand):
    help = "Lets the workers read once more what could not be read: after LibreOffice was installed, or after a day with too much to do."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--word", action="store_true", help="also Word documents (.docx) that were read before: once, for their automatic numbers")

    def handle(self, *args: Any, **options: Any) -> None:
        count = read_again(media_types=[WORD] if options["word"] else [])
        self.stdout.write(f"{count} files are read again, one after the other." if count else "There is no file to be read again.")
