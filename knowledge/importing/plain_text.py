"""Plain text as paragraphs. Texts that were wrapped at a column are put together again; tables drawn with spaces stay as they are."""

import re
from html import escape

DRAWN = re.compile(r"\S(?: {3,}|\t)\S|[│┃├└┌─═|]{2}|\+-{2}")
CHINESE = re.compile(r"[\u3400-\u9fff]")
UNDERLINE = re.compile(r"([=\-~*#])\1{2,}\s*")
WRAPPED_FROM, WRAPPED_TO = 50, 100


def plain_text(text: str, *, is_wrapped: bool = True) -> str:
    """HTML. Empty lines part paragraphs; without them, or where `is_wrapped` is false, each line is one."""
    lines = [line.rstrip() for line in text.expandtabs().splitlines()]
    if not is_wrapped or "" not in lines:
        return "".join(f"<p>{escape(line.strip())}</p>" for line in lines if line.strip())
    return "".join(_block(block) for block in _blocks(lines))


def _blocks(lines: list[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _block(lines: list[str]) -> str:
    if len(lines) == 2 and UNDERLINE.fullmatch(lines[1]):
        return f"<h2>{escape(lines[0].strip())}</h2>"
    if any(DRAWN.search(line) for line in lines) or (lines[0].startswith("    ") and not CHINESE.search(lines[0])):
        return f"<pre>{escape(chr(10).join(lines))}</pre>"
    is_wrapped = len(lines) > 1 and all(WRAPPED_FROM <= len(line) <= WRAPPED_TO for line in lines[:-1]) and not CHINESE.search("".join(lines))
    joined = " ".join(line.strip() for line in lines) if is_wrapped else "\n".join(line.strip() for line in lines)
    return f"<p>{escape(joined).replace(chr(10), '<br>')}</p>"
