"""Telling Office files from archives by what is in them."""

import json
from typing import IO
from zipfile import ZipFile

import olefile

OPEN_DOCUMENT = {"text": ("document", "odt"), "spreadsheet": ("sheet", "ods"), "presentation": ("slides", "odp")}
OFFICE_XML = {
    "word/": ("document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/": ("sheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ppt/": ("slides", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
}
OLD_OFFICE = {
    "WordDocument": ("document", "application/msword", "doc"),
    "Workbook": ("sheet", "application/vnd.ms-excel", "xls"),
    "Book": ("sheet", "application/vnd.ms-excel", "xls"),
    "PowerPoint Document": ("slides", "application/vnd.ms-powerpoint", "ppt"),
}
ARCHIVE = ("archive", "application/zip", "zip")


def recognise(file: IO[bytes], container: str) -> bytes:
    """Kind, media type and extension."""
    return json.dumps(_in_zip(file) if container == "zip" else _in_ole(file)).encode()


def _in_zip(file: IO[bytes]) -> tuple[str, str, str]:
    with ZipFile(file) as archive:
        names = set(archive.namelist())
        if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
            media_type = archive.read("mimetype").decode("ascii", "replace").strip()
            subtype = media_type.removeprefix("application/vnd.oasis.opendocument.")
            if subtype != media_type and subtype in OPEN_DOCUMENT:
                kind, extension = OPEN_DOCUMENT[subtype]
                return kind, media_type, extension
        if "[Content_Types].xml" in names:
            for folder, found in OFFICE_XML.items():
                if any(name.startswith(folder) for name in names):
                    return found
        if "OFD.xml" in names:
            return "document", "application/ofd", "ofd"
        if "AndroidManifest.xml" in names or ("META-INF/MANIFEST.MF" in names and any(name.endswith(".class") for name in names)):
            return "program", "application/octet-stream", "jar"
    return ARCHIVE


def _in_ole(file: IO[bytes]) -> tuple[str, str, str]:
    with olefile.OleFileIO(file) as container:
        for stream, found in OLD_OFFICE.items():
            if container.exists(stream):
                return found
        if container.exists("EncryptedPackage"):
            return "document", "application/x-ole-storage", ""
        # An installer of Windows has the class of Microsoft's own (MS-CFB, root entry).
        if container.root is not None and container.root.clsid.upper().startswith("000C108"):
            return "program", "application/octet-stream", "msi"
    return "other", "application/x-ole-storage", ""
