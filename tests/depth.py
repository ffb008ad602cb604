"""How far the long drills go: a part at each run, all of it with `DEEP=1 make drills`, before a release."""

import os

IS_DEEP = bool(os.environ.get("DEEP"))


def deep(whole: int, *, part: int) -> int:
    """What a drill takes for its amount: of routes, of bytes."""
    return whole if IS_DEEP else part
