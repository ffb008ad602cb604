"""HTML of any origin as blocks and runs: whatever a browser, Word, WPS or a spreadsheet puts around the words is seen through."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal.foundation.rich_text.attributes import alignment, link, span, styled
from portal.foundation.rich_text.elements import BOUNDARIES, CELLS, INLINE, MARKS, TABLE_PARTS, TEXT_BLOCKS
from portal.foundation.rich_text.model import BREAK, MARK_ORDER, Block, Mark, Picture, Run
from portal.foundation.rich_text.normalizing import normalize
from portal.foundation.rich_text.scanning import Tag, scan

DEEPEST = 60
LONGEST_ALTERNATIVE = 300
SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
PICTURE_ADDRESS = re.compile(r"/files/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/picture/")
WORD_LIST = re.compile(r"mso-list:\s*l\d+\s+level(\d)")
# What Word writes beside the text: the remarks of reviewers and the signs that lead to them, and the row without height under a table of unequal parts.
REMARK = re.compile(r"""class\s*=\s*["']?msocom(?:mentreference|anchor|txt|off)\b|mso-element:\s*comment|^\s*height\s*=\s*["']?0\b""", re.IGNORECASE)
REMARKED = {"span", "a", "div", "tr"}
WORD_TITLES = {"msotitle": "h2", "msosubtitle": "h3"}


@dataclass(slots=True)
class Opened:
    """An element that has begun; `block` where it is one of the tree, and what held outside of it."""

    name: str
    block: Block | None
    marks: dict[str, str]
    align: str
    is_marker: bool
    list_level: int = 0
    leaf_name: str = ""


def read_html(html: str) -> list[Block]:
    """The blocks of this HTML, in their canonical form."""
    return Reader().read(html)


def _without_remarks(pieces: Iterator[str | Tag]) -> Iterator[str | Tag]:
    """What a reviewer remarked in Word is not for readers. A remark ends where its element does, one within a line at the latest with the block."""
    remark, depth = "", 0
    for piece in pieces:
        if isinstance(piece, str):
            if not remark:
                yield piece
        elif not remark:
            if not piece.is_end and piece.name in REMARKED and REMARK.search(piece.written):
                remark, depth = piece.name, 1
            else:
                yield piece
        elif piece.name == remark:
            depth += -1 if piece.is_end else 1
            remark = remark if depth else ""
        elif remark in INLINE and piece.name not in INLINE and piece.name != "br":
            remark = ""
            yield piece


class Reader:
    def __init__(self) -> None:
        self.root = Block("root")
        self.stack = [Opened("root", self.root, {}, "", False)]
        self.leaf: Block | None = None
        self.marks: dict[str, str] = {}
        self.align = ""
        self.marker: list[str] | None = None

    def read(self, html: str) -> list[Block]:
        for piece in _without_remarks(scan(html)):
            if isinstance(piece, str):
                self._add_words(piece)
            elif piece.is_end:
                self._end(piece.name)
            else:
                self._start(piece)
        return normalize(self.root.children)

    # Where things go

    def _container(self) -> Block:
        return next(opened.block for opened in reversed(self.stack) if opened.block is not None)

    def _open_leaf(self) -> Block:
        container = self._home_for_words()
        name, level = "p", 0
        for opened in reversed(self.stack):
            if opened.block is not None:
                break
            if opened.leaf_name:
                name, level = opened.leaf_name, opened.list_level
                break
        if name == "caption" and container.name != "table":
            name = "p"
        if name == "figcaption" and container.name != "figure":
            name = "p"
        self.leaf = Block(name, align=self.align if name in ("p", "h2", "h3", "h4") else "", list_level=level)
        if level and self.marker:
            self.leaf.marker, self.marker = "".join(self.marker).strip(), None
        container.children.append(self.leaf)
        return self.leaf

    def _home_for_words(self) -> Block:
        """The innermost block that may hold a paragraph; lists and tables get an item or a cell for it."""
        container = self._container()
        has_caption = any(opened.leaf_name == "caption" for opened in self.stack)
        if container.name in ("ul", "ol"):
            return self._last_or_new(container, "li")
        if container.name == "table" and not has_caption:
            return self._last_or_new(self._last_or_new(container, "tr"), "td")
        if container.name == "tr":
            return self._last_or_new(container, "td")
        return container

    @staticmethod
    def _last_or_new(container: Block, name: str) -> Block:
        if not container.children or container.children[-1].name != name:
            container.children.append(Block(name))
        return container.children[-1]

    def _push(self, name: str, block: Block | None = None, leaf_name: str = "", list_level: int = 0) -> None:
        self.stack.append(Opened(name, block, self.marks, self.align, False, list_level, leaf_name))

    def _pop_to(self, index: int) -> None:
        for opened in self.stack[index:]:
            if opened.block is not None or opened.name not in INLINE:
                self.leaf = None
        opened = self.stack[index]
        self.marks, self.align = opened.marks, opened.align
        del self.stack[index:]

    def _nearest(self, names: frozenset[str] | set[str], stop: frozenset[str] | set[str]) -> int:
        stack = self.stack
        for index in range(len(stack) - 1, 0, -1):
            name = stack[index].name
            if name in names:
                return index
            if name in stop:
                return 0
        return 0

    # Words

    def _add_words(self, words: str) -> None:
        if not words:
            return
        if self.stack[-1].is_marker:
            if self.marker is None:
                self.marker = []
            self.marker.append(words[:50])
            return
        if self.leaf is not None and self.leaf.name == "pre":
            self.leaf.runs.append(Run(words.replace("\xa0", " ")))
            return
        if self.leaf is None and not words.strip(" \t\n\r\f\xa0") and not (words and any(opened.leaf_name == "pre" for opened in self.stack)):
            return
        leaf = self.leaf or self._open_leaf()
        if leaf.name == "pre":
            leaf.runs.append(Run(words.replace("\xa0", " ")))
            return
        text = SPACE.sub(" ", words)
        if text[0] == " " and self._is_after_space(leaf):
            text = text[1:]
        if text:
            self._add_run(leaf, text)

    @staticmethod
    def _is_after_space(leaf: Block) -> bool:
        if not leaf.runs:
            return True
        content = leaf.runs[-1].content
        return isinstance(content, str) and content[-1] in " \n"

    def _add_run(self, leaf: Block, content: str | Picture) -> None:
        marks: tuple[Mark, ...] = tuple((name, self.marks[name]) for name in MARK_ORDER if name in self.marks)
        leaf.runs.append(Run(content, marks))

    # Tags

    def _start(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            self._break_line()
        elif name == "hr":
            self.leaf = None
            self._home_for_words().children.append(Block("hr"))
        elif name == "img":
            self._add_picture(tag.attributes())
        elif name in ("thead", "tbody", "tfoot", "tr", "td", "th"):
            self._start_table_part(tag)
        elif len(self.stack) >= DEEPEST and name not in CELLS:
            if name not in INLINE:
                self.leaf = None
        elif name in INLINE:
            self._start_inline(tag)
        elif name in TEXT_BLOCKS or name in BOUNDARIES:
            self._start_text(tag)
        elif name in ("ul", "ol", "menu", "dir"):
            self._start_list("ol" if name == "ol" else "ul", tag)
        elif name == "li":
            self._start_item(tag)
        elif name in ("blockquote", "table", "figure"):
            self._start_container(name)

    def _end(self, name: str) -> None:
        name = {"menu": "ul", "dir": "ul"}.get(name, name)
        if name == "p" and not self._nearest({"p"}, CELLS | {"table", "li"}):
            self.leaf = None
            return
        stop = frozenset() if name == "table" else frozenset({"table"}) if name in CELLS or name in TABLE_PARTS else CELLS | {"table"}
        index = self._nearest({name}, stop - {name})
        if index:
            self._pop_to(index)
        elif name in BOUNDARIES:
            self.leaf = None

    def _break_line(self) -> None:
        if self.stack[-1].is_marker:
            return
        leaf = self.leaf
        if leaf is None:
            return
        leaf.runs.append(Run(BREAK))

    def _add_picture(self, attributes: dict[str, str]) -> None:
        address = attributes.get("src", "").strip()
        if PICTURE_ADDRESS.fullmatch(address):
            leaf = self.leaf or self._open_leaf()
            if leaf.name != "pre":
                self._add_run(leaf, Picture(address, SPACE.sub(" ", attributes.get("alt", "")).strip()[:LONGEST_ALTERNATIVE]))

    def _start_inline(self, tag: Tag) -> None:
        style = ""
        marks = self.marks
        if tag.written:
            attributes = tag.attributes()
            style = attributes.get("style", "").lower()
            if tag.name == "a" and (address := link(attributes.get("href", ""))):
                marks = {**marks, "a": address}
        if "mso-list:ignore" in style.replace(" ", ""):
            self.stack.append(Opened(tag.name, None, self.marks, self.align, True))
            return
        if tag.name in MARKS:
            marks = {**marks, MARKS[tag.name]: ""}
        if style:
            marks = styled(marks, style)
        is_marker = self.stack[-1].is_marker
        self.stack.append(Opened(tag.name, None, self.marks, self.align, is_marker))
        self.marks = marks

    def _start_text(self, tag: Tag) -> None:
        self.leaf = None
        if tag.name in TEXT_BLOCKS:
            open_text = self._nearest(set(TEXT_BLOCKS), CELLS | {"table", "li", "blockquote", "figure"} | BOUNDARIES)
            if open_text:
                self._pop_to(open_text)
        attributes = tag.attributes() if tag.written else {}
        style = attributes.get("style", "").lower()
        leaf_name = TEXT_BLOCKS.get(tag.name, "")
        level = 0
        if leaf_name == "p":
            leaf_name = next((heading for css, heading in WORD_TITLES.items() if css in attributes.get("class", "").lower().split()), "p")
        if "mso-list" in style and leaf_name and (found := WORD_LIST.search(style)):
            level = min(int(found[1]), 9)
            leaf_name = "p"
        self.marker = None
        self._push(tag.name, leaf_name=leaf_name, list_level=level)
        self.align = alignment(tag.name, attributes, style, self.align)

    def _start_list(self, name: str, tag: Tag) -> None:
        self.leaf = None
        block = Block(name)
        if name == "ol" and tag.written:
            start = tag.attributes().get("start", "1").strip()
            block.start = int(start) if start.isascii() and start.isdecimal() and len(start) < 5 else 1
        self._home_for_words().children.append(block)
        self._push(name, block)
        self.align = ""

    def _start_item(self, tag: Tag) -> None:
        self.leaf = None
        index = self._nearest({"li", "ul", "ol"}, CELLS | {"table"})
        if index and self.stack[index].name == "li":
            self._pop_to(index)
            index = self._nearest({"ul", "ol"}, CELLS | {"table", "li"})
        if not index:
            self._push("li", leaf_name="p")
            return
        del self.stack[index + 1 :]
        parent = self.stack[index].block
        assert parent is not None
        item = Block("li")
        parent.children.append(item)
        self._push("li", item)

    def _start_container(self, name: str) -> None:
        self.leaf = None
        block = Block(name)
        self._home_for_words().children.append(block)
        self._push(name, block)
        if name == "table":
            self.align = ""
            self.marks = {}

    def _start_table_part(self, tag: Tag) -> None:
        self.leaf = None
        name = tag.name
        index = self._nearest({"table"}, frozenset())
        if not index:
            return
        table = self.stack[index].block
        assert table is not None
        if name == "tr" or name not in CELLS:
            self._pop_to(index + 1) if len(self.stack) > index + 1 else None
            self._push(name)
            if name == "tr":
                row = Block("tr")
                table.children.append(row)
                self.stack[-1].block = row
            return
        row_index = self._nearest({"tr"}, {"table"})
        if not row_index:
            if len(self.stack) > index + 1:
                self._pop_to(index + 1)
            row = Block("tr")
            table.children.append(row)
            self._push("tr", row)
            row_index = len(self.stack) - 1
        elif len(self.stack) > row_index + 1:
            self._pop_to(row_index + 1)
        row_block = self.stack[row_index].block
        assert row_block is not None
        attributes = tag.attributes() if tag.written else {}
        cell = Block(name, columns=span(attributes.get("colspan")), rows=span(attributes.get("rowspan")))
        row_block.children.append(cell)
        self._push(name, cell)
        self.align = alignment(name, attributes, attributes.get("style", "").lower(), "")
        self.marks = {}
