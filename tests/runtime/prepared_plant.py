"""The demo plant of the drills: started once, kept in var/ until the code or the day changes, copied by each that asks for no first start."""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "var" / "drill-plant"
HOLDS_CODE = ("portal", "crm", "knowledge", "bulletin", "forum", "mail")
SAYS_WHAT_IT_HOLDS = ("constraints.txt", "requirements.txt")


def copy_prepared(data_dir: Path, prepare: Callable[[], AbstractContextManager[Path]]) -> None:
    """Fill an empty data directory. `prepare` gives that of a plant that was started and ended; one drill does that while the others wait."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / _fingerprint()
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in KEPT.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            draft = kept.with_suffix(".draft")
            with prepare() as data_dir_of_first_start:
                subprocess.run(["cp", "-a", data_dir_of_first_start, draft], check=True)
            draft.rename(kept)
    subprocess.run(["cp", "-a", f"{kept}/.", data_dir], check=True)


def _fingerprint() -> str:
    """Of all that decides what a first start leaves behind."""
    code = [path for folder in HOLDS_CODE for path in (ROOT / folder).rglob("*.py")]
    digest = hashlib.sha256(f"{date.today()}".encode())  # the demo plant's dates are reckoned from its first day
    for path in sorted([*code, *(ROOT / name for name in SAYS_WHAT_IT_HOLDS)]):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:24]
