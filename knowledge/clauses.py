"""The articles of a policy as its text has them: chapters (章), sections (节) and articles (条), each with its label and what it says."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

from portal.foundation.rich_text.model import Block, Run, write_blocks
from portal.foundation.rich_text.reading import read_html

Kind = Literal["chapter", "section", "article", "preamble"]

COUNTED = "[0-9０-９一二三四五六七八九十百千〇○零两]+"
# What stands at the beginning of a paragraph: 第五条, 第 5 条, 第二章, Article 5.
LABEL = re.compile(rf"\s*(?:第\s*({COUNTED})\s*([章节条])(?:之({COUNTED}))?|(Chapter|Section|Article)\s+([0-9]+)\b[.:]?)[\s　:：]*", re.IGNORECASE)
KINDS: dict[str, Kind] = {"章": "chapter", "节": "section", "条": "article", "chapter": "chapter", "section": "section", "article": "article"}
ITEM = re.compile(rf"\s*(?:[（(]({COUNTED})[)）]|({COUNTED})[、.．])")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Clause:
    """`label` as it stands in the text (第五条), empty for what comes before the first; `html` and `text` without it. `chapter` is the one it stands in.

    A chapter and a section have their title as text.
    """

    kind: Kind
    label: str
    html: str
    text: str
    chapter: str = ""

    @property
    def plain(self) -> str:
        """What is compared: without differences of width, case and space, which nobody reads."""
        return SPACE.sub("", unicodedata.normalize("NFKC", self.text)).casefold()


def recognise(body: str) -> list[Clause]:
    """The parts of a text that `clean_html` gave, in their order. A text without labels is one preamble for each heading."""
    found: list[Clause] = []
    chapter = ""
    blocks: list[Block] = []
    label, kind = "", "preamble"

    def close() -> None:
        nonlocal blocks
        if blocks or label:
            found.append(_clause(kind, label, blocks, chapter if kind == "article" else ""))  # type: ignore[arg-type]
        blocks = []

    for block in _paragraphs(read_html(body)):
        match = LABEL.match(block.words()) if block.runs else None
        if match is None and block.name not in {"h2", "h3", "h4"}:
            blocks.append(block)
            continue
        close()
        if match is None:
            label, kind, blocks = "", "preamble", [block]
            continue
        label, kind = SPACE.sub("", match[0]).rstrip(":：") if match[1] else match[0].strip().rstrip(".: "), KINDS[(match[2] or match[4]).lower()]
        rest = replace(block, runs=_without_start(block.runs, match.end()))
        blocks = [] if rest.is_empty() else [rest]
        if kind == "chapter":
            chapter = f"{label} {rest.words().strip()}".strip()
    close()
    return found


def articles_of(clauses: Iterable[Clause]) -> list[Clause]:
    """Those that have a number of their own, and what comes before the first of them."""
    return [clause for clause in clauses if clause.kind in {"article", "preamble"}]


def items_of(clause: Clause) -> list[str]:
    """The labels of the items below it: （一）, （二）."""
    return [match[0].strip() for block in read_html(clause.html) if block.runs and (match := ITEM.match(block.words()))]


def written(clauses: Iterable[Clause]) -> str:
    """The text of these parts again, as `clean_html` would give it."""
    return "".join(_with_label(clause) for clause in clauses)


def _paragraphs(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks at the top; an item of a list that begins with a label is a paragraph of its own, as editors make lists of numbered lines."""
    for block in blocks:
        if block.name in {"ul", "ol"} and any(item.children and LABEL.match(item.children[0].words()) for item in block.children):
            for item in block.children:
                yield from item.children
        else:
            yield block


def _clause(kind: Kind, label: str, blocks: list[Block], chapter: str) -> Clause:
    html = write_blocks(blocks)
    return Clause(kind, label, html, "\n".join(_words(blocks)), chapter)


def _words(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if block.runs and (words := block.words().strip()):
            yield words
        yield from _words(block.children)


def _without_start(runs: list[Run], length: int) -> list[Run]:
    """The runs without their first so many characters."""
    kept: list[Run] = []
    for run in runs:
        if length and isinstance(run.content, str):
            cut = min(length, len(run.content))
            length -= cut
            if run.content[cut:]:
                kept.append(Run(run.content[cut:], run.marks))
        else:
            kept.append(run)
    return kept


def _with_label(clause: Clause) -> str:
    if not clause.label:
        return clause.html
    tag = {"chapter": "h2", "section": "h3"}.get(clause.kind)
    if tag:
        return f"<{tag}>{escape(f'{clause.label} {clause.text}'.strip(), quote=False)}</{tag}>"
    start = f"<strong>{escape(clause.label, quote=False)}</strong>　"
    return f"<p>{start}{clause.html[3:]}" if clause.html.startswith("<p>") else f"<p>{start}</p>{clause.html}"
