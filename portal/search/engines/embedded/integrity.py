"""Whether the files of an index are what was written: each carries its own checksum, and is never written twice."""

import json
import zlib
from pathlib import Path
from uuid import UUID

# What follows the content of a file: its description in JSON, the length of that, and a number that says that it is one.
MAGIC = 1337
LONGEST_DESCRIPTION = 10_000
PIECE = 2**20
PARTS_OF_SEGMENT = ("idx", "pos", "term", "store", "fast", "fieldnorm")

Looks = tuple[int, int, int]


def looks_of(path: Path) -> Looks:
    """By which a file is known to be the same."""
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


class Verified:
    """Remembers what was read and found right, so that only what has changed is read again."""

    def __init__(self) -> None:
        self._right: dict[Path, Looks] = {}

    def verify(self, directory: Path) -> None:
        """Raises OSError or ValueError where a committed file is missing, cut off or altered."""
        files = _committed(directory)
        for path in files:
            looks = looks_of(path)
            if self._right.get(path) != looks:
                _verify_file(path)
                self._right[path] = looks
        for path in [path for path in self._right if path.parent == directory and path not in files]:
            del self._right[path]

    def forget(self) -> None:
        self._right.clear()


def _committed(directory: Path) -> set[Path]:
    """The files of the last commit; beside them may lie what a killed process has left."""
    files = set()
    for segment in json.loads((directory / "meta.json").read_bytes())["segments"]:
        name = UUID(segment["segment_id"]).hex
        files |= {directory / f"{name}.{part}" for part in PARTS_OF_SEGMENT}
        if segment["deletes"]:
            files.add(directory / f"{name}.{segment['deletes']['opstamp']}.del")
    return files


def _verify_file(path: Path) -> None:
    with path.open("rb") as file:
        size = path.stat().st_size
        file.seek(max(0, size - 8))
        end = file.read(8)
        length, magic = int.from_bytes(end[:4], "little"), int.from_bytes(end[4:], "little")
        if magic != MAGIC or not 0 < length <= min(size - 8, LONGEST_DESCRIPTION):
            raise ValueError(f"{path.name} is cut off")
        left = size - 8 - length
        file.seek(left)
        expected = json.loads(file.read(length))["crc"]
        file.seek(0)
        found = 0
        while left > 0 and (piece := file.read(min(PIECE, left))):
            found = zlib.crc32(piece, found)
            left -= len(piece)
    if found != expected:
        raise ValueError(f"{path.name} is not what was written")
