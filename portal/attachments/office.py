"""Office files by LibreOffice, where it is installed: made into a PDF once, in a limited process, for text and pages."""

import shutil
from typing import IO, Any

from django.core.files.base import ContentFile

from portal.attachments.kinds import Kind
from portal.attachments.models import StoredFile
from portal.attachments.reading_kinds import is_read_directly
from portal.attachments.storage import content_storage, rendition_storage, storage_name
from portal.foundation.limited import LimitedError, Reason, run_limited

PROGRAM = "soffice"
CONVERTED = {Kind.DOCUMENT, Kind.SHEET, Kind.SLIDES}
LARGEST = 100 * 2**20
# No pictures or texts of elsewhere come along, from this machine's disk or from another's, and no macro runs.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""
CONVERSION = (
    'cat > "in.$1" && mkdir -p profile/user && printf %s "$2" > profile/user/registrymodifications.xcu &&'
    ' exec soffice -env:UserInstallation="file://$PWD/profile" --headless --norestore --nologo --convert-to pdf --outdir . "in.$1" >/dev/null'
)
EXTENSIONS = {
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/rtf": "rtf",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
}


def can_convert(file: StoredFile) -> bool:
    return file.kind in CONVERTED and file.media_type in EXTENSIONS and file.size <= LARGEST and shutil.which(PROGRAM) is not None


def has_page_pictures(file: StoredFile) -> bool:
    """A PDF, or a file that was made into one."""
    return file.kind == Kind.PDF or (file.kind in CONVERTED and bool(file.page_count))


def shows_what_was_read(file: StoredFile) -> bool:
    """Whether the numbers of its texts are those of what is looked at. What was made into a PDF is shown in pages, but read in stretches."""
    return not has_page_pictures(file) or file.kind in (Kind.PDF, Kind.SLIDES) or not is_read_directly(file.media_type, file.kind)


def make_pdf(file: StoredFile) -> None:
    """Convert and keep. Raises `LimitedError` where that fails, `MISSING` without the program."""
    if not can_convert(file):
        raise LimitedError(Reason.MISSING, PROGRAM)
    with content_storage().open(file.storage_name) as content:
        pdf = run_limited(
            ["sh", "-c", CONVERSION, "sh", EXTENSIONS[file.media_type], PROFILE],
            content,
            memory_bytes=4096 * 2**20,
            cpu_seconds=90,
            wall_seconds=120,
            output_bytes=200 * 2**20,
            written_bytes=200 * 2**20,
            result="in.pdf",
        )
    rendition_storage().delete(_pdf_name(file))
    rendition_storage().save(_pdf_name(file), ContentFile(pdf))


def open_pdf_of(file: StoredFile) -> IO[bytes] | Any:
    """The file itself, or the PDF that it was made into; made anew where the renditions were cleared away."""
    if file.kind == Kind.PDF:
        return content_storage().open(file.storage_name)
    if not rendition_storage().exists(_pdf_name(file)):
        make_pdf(file)
    return rendition_storage().open(_pdf_name(file))


def _pdf_name(file: StoredFile) -> str:
    return f"{storage_name(file.sha256)}/whole.pdf"
