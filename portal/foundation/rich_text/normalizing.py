"""The canonical form of a text: no empty block, real lists in place of Word's numbered paragraphs, tables with equal parts."""

import re
from dataclasses import replace

from portal.foundation.rich_text.model import BREAK, Block, Picture, Run

# Numbers as Chinese papers write them (一、（二）第三条) are part of the words: other papers name them. Only these become real lists.
NUMBERED = re.compile(r"[(（]?(?:(\d{1,4})|[a-zA-Z]|[ivxIVX]{1,5})[.)）、．]?")
BULLETS = frozenset("·•●○■□▪▫◆◇➢➤✓√*–—-§ØüovnqlÜ\uf0b7\uf0a7\uf0d8\uf06c\uf06e\uf075\uf0fc\uf0b2")


def normalize(blocks: list[Block]) -> list[Block]:
    """The same text in its canonical form."""
    made: list[Block] = []
    for block in blocks:
        made.extend(_normalized(block))
    return _with_lists(made)


def _normalized(block: Block) -> list[Block]:
    match block.name:
        case "p" | "h2" | "h3" | "h4" | "caption" | "figcaption":
            return _text(block)
        case "pre":
            words = block.words().strip("\n").rstrip()
            return [Block("pre", runs=[Run(words)])] if words.strip() else []
        case "ul" | "ol":
            return _list(block)
        case "table":
            return _table(block)
        case "figure":
            return _figure(block)
        case "hr":
            return [block]
        case _:
            children = normalize(block.children)
            return [replace(block, children=children)] if children else []


def _text(block: Block) -> list[Block]:
    if block.name in ("h2", "h3", "h4"):
        block.runs = [Run(run.content, tuple(mark for mark in run.marks if mark[0] != "strong")) for run in block.runs]
    block.runs = _trimmed(block.runs)
    if block.is_empty():
        return []
    return [block]


def _trimmed(runs: list[Run]) -> list[Run]:
    """Without breaks and spaces at either end, or before a break; the indent of a first line is the style sheet's."""
    made: list[Run] = []
    for run in runs:
        content = run.content
        if isinstance(content, str) and content != BREAK:
            if not made or made[-1].content == BREAK:
                content = content.lstrip(" \u3000") if not made else content.lstrip(" ")
            if not content:
                continue
        elif content == BREAK:
            if not made:
                continue
            _strip_end(made)
        made.append(run if content is run.content and not (run.marks and content == BREAK) else Run(content, () if content == BREAK else run.marks))
    while made and made[-1].content == BREAK:
        made.pop()
    _strip_end(made)
    while made and made[-1].content == BREAK:
        made.pop()
        _strip_end(made)
    return _joined(made)


def _joined(runs: list[Run]) -> list[Run]:
    """Words with the same marks in one run."""
    joined: list[Run] = []
    words: list[str] = []
    for index, run in enumerate(runs):
        if not isinstance(run.content, str) or run.content == BREAK:
            joined.append(run)
            continue
        words.append(run.content)
        following = runs[index + 1] if index + 1 < len(runs) else None
        if following is None or following.marks != run.marks or not isinstance(following.content, str) or following.content == BREAK:
            joined.append(Run("".join(words), run.marks))
            words = []
    return joined


def _strip_end(runs: list[Run]) -> None:
    while runs and isinstance(runs[-1].content, str) and runs[-1].content != BREAK:
        content = runs[-1].content.rstrip(" \u3000")
        if content:
            runs[-1] = Run(content, runs[-1].marks)
            return
        runs.pop()


def _list(block: Block) -> list[Block]:
    """Only items in it; what stood between them belongs to the one before."""
    items: list[Block] = []
    for child in block.children:
        if child.name != "li":
            if not items:
                items.append(Block("li"))
            items[-1].children.append(child)
        else:
            items.append(child)
    kept: list[Block] = []
    for item in items:
        children = normalize(item.children)
        if not children:
            continue
        if kept and all(child.name in ("ul", "ol") for child in children):
            kept[-1] = replace(kept[-1], children=normalize([*kept[-1].children, *children]))
        else:
            kept.append(replace(item, children=children))
    return [replace(block, children=kept)] if kept else []


def _table(block: Block) -> list[Block]:
    """A caption, a head of the first rows that have only headings, and a body."""
    captions: list[Block] = []
    rows: list[Block] = []
    for child in [part for parts in block.children for part in (parts.children if parts.name in ("thead", "tbody") else [parts])]:
        if child.name == "caption":
            captions.extend(_text(child))
        elif child.name == "tr":
            cells = [Block(cell.name, normalize(cell.children), columns=cell.columns, rows=cell.rows) for cell in child.children]
            if cells:
                rows.append(Block("tr", children=cells))
    if not any(cell.children for row in rows for cell in row.children):
        return [replace(caption, name="p") for caption in captions]
    caption = Block("caption", runs=_trimmed([run for number, part in enumerate(captions) for run in ([Run(BREAK)] if number else []) + part.runs]))
    heading = 0
    while heading < len(rows) - 1 and all(cell.name == "th" for cell in rows[heading].children):
        heading += 1
    parts = [caption] if captions else []
    parts += [Block("thead", children=rows[:heading])] if heading else []
    return [Block("table", children=[*parts, Block("tbody", children=rows[heading:])])]


def _figure(block: Block) -> list[Block]:
    """A picture and its caption. What else was in it follows; without a picture it is no figure."""
    children = normalize(block.children)
    holder = next((child for child in children if child.name == "p" and any(isinstance(run.content, Picture) for run in child.runs)), None)
    captions = [child for child in children if child.name == "figcaption"]
    if holder is None:
        return [replace(child, name="p") if child.name == "figcaption" else child for child in children]
    pictures = [run for run in holder.runs if isinstance(run.content, Picture)]
    words = _text(Block("p", runs=[run for run in holder.runs if not isinstance(run.content, Picture)]))
    figure = Block("figure", runs=[Run(pictures[0].content)], children=captions[:1])
    others = [Block("p", runs=pictures[1:])] if pictures[1:] else []
    rest = [replace(child, name="p") if child.name == "figcaption" else child for child in children if child is not holder and child not in captions[:1]]
    return [figure, *others, *words, *rest]


def _with_lists(blocks: list[Block]) -> list[Block]:
    """Word's paragraphs that say of themselves that they are items, as real lists."""
    made: list[Block] = []
    open_lists: list[Block] = []
    for block in blocks:
        kind = _kind_of(block)
        if not kind:
            if block.list_level and block.marker:
                block = replace(block, runs=_trimmed([Run(block.marker), *block.runs]), list_level=0, marker="")
            open_lists = []
            made.append(block)
            continue
        del open_lists[block.list_level :]
        if open_lists and len(open_lists) == block.list_level and open_lists[-1].name != kind:
            open_lists.pop()
        item = Block("li", children=[Block("p", runs=block.runs)])
        if not open_lists or len(open_lists) < block.list_level:
            made_list = Block(kind, start=_first_number(block))
            (open_lists[-1].children[-1].children if open_lists else made).append(made_list)
            open_lists.append(made_list)
        open_lists[-1].children.append(item)
    return made


def _kind_of(block: Block) -> str:
    if not block.list_level or block.name != "p":
        return ""
    if not block.marker or block.marker in BULLETS:
        return "ul"
    return "ol" if NUMBERED.fullmatch(block.marker) else "ul" if len(block.marker) == 1 and not block.marker.isalnum() else ""


def _first_number(block: Block) -> int:
    found = NUMBERED.fullmatch(block.marker)
    return int(found[1]) if found and found[1] and block.marker not in BULLETS else 1
