"""Smaller pictures are drawn once; what could not be drawn is tried again another day."""

from collections.abc import Callable
from datetime import UTC, datetime

import time_machine
from django.core.files.base import ContentFile

from portal.accounts.models import User
from portal.attachments.models import Attachment
from portal.attachments.renditions import TRIED_AGAIN, open_thumbnail
from portal.attachments.storage import rendition_storage, storage_name
from tests.attachments import samples
from tests.cast import Cast

Receive = Callable[[User, str, bytes], Attachment]


def test_what_could_not_be_drawn_on_a_busy_day_is_tried_again_and_not_by_everybody_who_looks(cast: Cast, receive: Receive) -> None:
    file = receive(cast.head, "a.png", samples.png(width=71, height=13)).file
    path = f"{storage_name(file.sha256)}/picture-320.webp"
    rendition_storage().delete(path)
    rendition_storage().save(path, ContentFile(b""))
    assert open_thumbnail(file) is None
    assert rendition_storage().size(path) == 0
    with time_machine.travel(datetime.now(UTC) + TRIED_AGAIN):
        drawn = open_thumbnail(file)
    assert drawn is not None
    with drawn:
        assert drawn.read(4) == b"RIFF"
    assert rendition_storage().listdir(storage_name(file.sha256))[1] == ["picture-320.webp"]
