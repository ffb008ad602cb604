"""Several Word documents in one limited process: starting it takes longer than reading one."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from portal.attachments.reading.word import convert
from portal.attachments.reading.word_body import Unreadable


def convert_many(file: IO[bytes], *lengths: str) -> Iterator[bytes]:
    """What `convert` says of each, one after the other; of one that is not read, a line of JSON with its code."""
    for length in lengths:
        try:
            answer = b"".join(convert(BytesIO(file.read(int(length)))))
        except Unreadable as refusal:
            answer = json.dumps({"error": str(refusal), "pictures": []}).encode() + b"\n"
        except Exception:  # one that cannot be read keeps no other from being so
            answer = json.dumps({"error": "broken", "pictures": []}).encode() + b"\n"
        yield answer
