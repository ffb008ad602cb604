"""Which files are read without LibreOffice."""

from portal.attachments.kinds import Kind

DIRECT = {
    "application/pdf",
    "application/rtf",
    "application/ofd",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def is_read_directly(media_type: str, kind: str) -> bool:
    return media_type in DIRECT or kind in (Kind.TEXT, Kind.MARKUP)
