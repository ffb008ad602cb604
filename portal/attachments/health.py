"""What operators are told of files."""

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.attachments.models import StoredFile
from portal.attachments.scanning import is_up
from portal.runtime.health import Finding, register_check


def _scanner() -> Finding:
    address = settings.ENVIRONMENT.clamd
    if not address:
        return Finding("not configured")
    waiting = StoredFile.objects.filter(scan=StoredFile.Scan.WAITING).count()
    return Finding("ok" if is_up(address) else "failing", format_lazy(_("{count} files wait to be checked"), count=waiting) if waiting else "")


register_check("scanner", _scanner)
