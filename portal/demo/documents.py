"""Documents from a folder as notices: real texts, of hundreds of pages, for trying the boards with what nobody here wrote."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from django.db import transaction

from bulletin.models import DepartmentBoard, Notice
from bulletin.services.notices import create_notice
from portal.access.models import Audience
from portal.access.rules import EVERYONE, AudienceRule, department_token, person_token
from portal.attachments.services import receive_file
from portal.foundation.errors import PortalError
from portal.pages.errors import PublicationError
from portal.pages.services import publish_draft, save_draft

TEXTS = {".html", ".htm"}
FILES = {".pdf", ".txt", ".gz", ".odt", ".ods", ".odp", ".docx", ".xlsx", ".pptx", ".doc", ".xls", ".rtf", ".csv", ".epub", ".png", ".jpg", ".svg"}
LONGEST_TITLE = 120
# What leads to the other pages of a manual, and says nothing on a page of its own.
NEIGHBOURS = ".navheader, .navfooter, .docnav, .related, .sphinxsidebar, nav, header, footer"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file: the notice, or the sentence with which it was refused."""

    path: Path
    notice: Notice | None
    refusal: str = ""


def find_documents(folder: Path) -> list[Path]:
    """The files below a folder that can be published, in their order."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in TEXTS | FILES)


def load_documents(paths: Sequence[Path], board: DepartmentBoard, *, actor: Any) -> Iterator[Loaded]:
    """Publish documents on a board: HTML as the text of a notice, everything else as its file.

    In turn for everyone, for the department, and for the publisher alone, so that people with different rights find different things.
    """
    rules = cycle([AudienceRule.of([EVERYONE]), AudienceRule.of([department_token(board.department_id)]), AudienceRule.of([person_token(actor.pk)])])
    for path, rule in zip(paths, rules, strict=False):
        try:
            yield Loaded(path, _publish(path, board, Audience.objects.for_rule(rule), actor))
        except PublicationError as refusal:
            yield Loaded(path, None, " ".join(refusal.problems.values()))
        except PortalError as refusal:
            yield Loaded(path, None, str(refusal))


@transaction.atomic
def _publish(path: Path, board: DepartmentBoard, audience: Audience, actor: Any) -> Notice:
    name = path.name.removesuffix(".gz")
    values: dict[str, Any] = {"audience": audience, "title": name[:LONGEST_TITLE]}
    if path.suffix.lower() in TEXTS:
        title, body = _read_html(path)
        values |= {"title": (title or path.name)[:LONGEST_TITLE], "body": body}
    else:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as content:
            values["file_ids"] = [receive_file(actor=actor, name=name, content=content).pk]
    notice = create_notice(board, actor=actor)
    save_draft(notice, actor=actor, values=values, seen=None)
    return publish_draft(notice, actor=actor)


def _read_html(path: Path) -> tuple[str, str]:
    page = BeautifulSoup(path.read_bytes(), "html.parser")
    title = page.title.get_text(" ", strip=True) if page.title else ""
    for neighbours in page.select(NEIGHBOURS):
        neighbours.decompose()
    return title, str(page.body or page)
