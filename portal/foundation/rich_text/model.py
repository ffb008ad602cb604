"""A text as a tree of blocks with runs of words: the form in which texts are cleaned and compared. Written out, it is canonical."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

LEAVES = frozenset({"p", "h2", "h3", "h4", "pre", "caption", "figcaption"})
# The order in which marks stand inside each other; a link is ("a", address).
MARK_ORDER = ("a", "strong", "em", "u", "s", "sub", "sup", "code")
BREAK = "\n"

Mark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture among words, by its address on this site; `words` say what it shows."""

    address: str
    words: str = ""


class Run(NamedTuple):
    """Words with the same marks, a picture, or, outside `pre`, a break of the line."""

    content: str | Picture
    marks: tuple[Mark, ...] = ()


@dataclass(slots=True)
class Block:
    """A leaf has runs; every other block has children; a figure has one run, its picture, and perhaps its caption."""

    name: str
    children: list["Block"] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    align: str = ""
    columns: int = 1
    rows: int = 1
    start: int = 1
    list_level: int = 0
    marker: str = ""

    def words(self) -> str:
        return "".join(run.content if isinstance(run.content, str) else run.content.words for run in self.runs)

    def is_empty(self) -> bool:
        return not any(isinstance(run.content, Picture) or run.content.strip() for run in self.runs)


def write_blocks(blocks: Iterable[Block]) -> str:
    """The HTML of these blocks."""
    return "".join(part for block in blocks for part in _written(block))


def write_runs(runs: Sequence[Run]) -> str:
    """The HTML of these runs; each mark is opened as late and closed as soon as can be."""
    parts: list[str] = []
    opened: list[Mark] = []
    for run in runs:
        common = 0
        while common < len(opened) and common < len(run.marks) and opened[common] == run.marks[common]:
            common += 1
        parts.extend(f"</{name}>" for name, _ in reversed(opened[common:]))
        parts.extend(_opening(mark) for mark in run.marks[common:])
        opened = list(run.marks)
        parts.append(_content(run.content))
    parts.extend(f"</{name}>" for name, _ in reversed(opened))
    return "".join(parts)


def opening_tag(block: Block) -> str:
    """The start of the block's element."""
    attributes = f' class="{block.align}"' if block.align else ""
    attributes += f' colspan="{block.columns}"' if block.columns > 1 else ""
    attributes += f' rowspan="{block.rows}"' if block.rows > 1 else ""
    attributes += f' start="{block.start}"' if block.start != 1 else ""
    return f"<{block.name}{attributes}>"


def _written(block: Block) -> Iterator[str]:
    if block.name == "hr":
        yield "<hr>"
        return
    children = block.children
    if block.name in ("td", "th") and len(children) == 1 and children[0].name == "p":
        yield opening_tag(Block(block.name, align=children[0].align, columns=block.columns, rows=block.rows))
        yield f"{write_runs(children[0].runs)}</{block.name}>"
        return
    yield opening_tag(block)
    if block.name == "pre":
        yield escape(block.words(), quote=False)
    elif block.name in LEAVES or block.name == "figure":
        yield write_runs(block.runs)
    if block.name == "li" and children and is_plain_item(block):
        yield write_runs(children[0].runs)
        children = children[1:]
    for child in children:
        yield from _written(child)
    yield f"</{block.name}>"


def is_plain_item(item: Block) -> bool:
    """One paragraph, perhaps with lists below it: written without an element of its own for the paragraph."""
    first, *others = item.children
    return first.name == "p" and not first.align and all(other.name in ("ul", "ol") for other in others)


def _opening(mark: Mark) -> str:
    name, address = mark
    return f'<a href="{escape(address)}" rel="noopener noreferrer">' if name == "a" else f"<{name}>"


def _content(content: str | Picture) -> str:
    if isinstance(content, Picture):
        return f'<img src="{content.address}" alt="{escape(content.words)}">'
    return "<br>" if content == BREAK else escape(content, quote=False)
