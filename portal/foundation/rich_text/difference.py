"""What was corrected in a text, for its readers: words struck out and words put in, blocks that went and blocks that came."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from portal.foundation.rich_text.cleaning import clean_html, judge
from portal.foundation.rich_text.model import BREAK, LEAVES, Block, Mark, Picture, Run, is_plain_item, opening_tag, write_blocks, write_runs
from portal.foundation.rich_text.reading import read_html
from portal.foundation.rich_text.shortest_edit import Stretch, shortest_edit

# Steps of comparing for the whole of two texts; beyond it, what differs is marked as a whole.
MOST_WORK = 1_000_000
LONGEST_COMPARED = 150_000
LEAST_ALIKE = 0.35
TOKEN = re.compile(r"[A-Za-z0-9_À-ɏ]+(?:[.,:][0-9]+)*|\s+|.", re.DOTALL)
TOP = re.compile(r"<(/?)(p|h2|h3|h4|ul|ol|table|blockquote|figure|pre|hr)(?=[ >])[^>]*>")
ADDED: Mark = ("ins", "")
REMOVED: Mark = ("del", "")

_judge = judge(["ins", "del"])


def difference(before: str, after: str) -> SafeString:
    """The second text with marks of what differs from the first; both as `clean_html` gave them. Takes a second at most."""
    old, new = _split(before), _split(after)
    return mark_safe(_judge.clean("".join(_Comparison().compare_written(old, new))))


def _split(html: str) -> list[str]:
    """The blocks at the top, as they are written."""
    blocks: list[str] = []
    depth = start = 0
    for match in TOP.finditer(html):
        if match[2] == "hr":
            end = depth == 0
        else:
            depth += -1 if match[1] else 1
            end = depth == 0
        if end:
            blocks.append(html[start : match.end()])
            start = match.end()
    return blocks if start == len(html) else _split(clean_html(html))


class _Comparison:
    def __init__(self) -> None:
        self.work = MOST_WORK
        self.length = LONGEST_COMPARED

    def compare_written(self, old: list[str], new: list[str]) -> Iterator[str]:
        for kind, from_old, from_new in self._opcodes(old, new):
            if kind == "equal":
                yield from from_new
                continue
            self.length -= sum(map(len, from_old)) + sum(map(len, from_new))
            if from_old and from_new and self.length > 0:
                yield from self._compare(read_html("".join(from_old)), read_html("".join(from_new)))
            else:
                yield from (f"<del>{block}</del>" for block in from_old)
                yield from (f"<ins>{block}</ins>" for block in from_new)

    def _compare(self, old: list[Block], new: list[Block]) -> Iterator[str]:
        """Blocks of one place, those alike beside each other."""
        for kind, from_old, from_new in self._opcodes(old, new, key=lambda block: write_blocks([block])):
            if kind == "equal":
                yield write_blocks(from_new)
                continue
            waiting = list(from_old)
            for block in from_new:
                place = next((index for index, other in enumerate(waiting[:6]) if self._is_alike(other, block)), None)
                if place is None:
                    yield _whole("ins", block)
                    continue
                yield from (_whole("del", gone) for gone in waiting[:place])
                yield self._changed(waiting[place], block)
                del waiting[: place + 1]
            yield from (_whole("del", gone) for gone in waiting)

    def _changed(self, old: Block, new: Block) -> str:
        if new.name in LEAVES:
            return f"{opening_tag(new)}{write_runs(self._compare_runs(old.runs, new.runs))}</{new.name}>"
        if new.name == "figure":
            if old.runs != new.runs:
                return _whole("del", old) + _whole("ins", new)
            return f"<figure>{write_runs(new.runs)}{''.join(self._compare(old.children, new.children))}</figure>"
        if new.name == "tr" and len(old.children) == len(new.children):
            cells = zip(old.children, new.children, strict=True)
            return f"<tr>{''.join(opening_tag(cell) + ''.join(self._compare(was.children, cell.children)) + f'</{cell.name}>' for was, cell in cells)}</tr>"
        if new.name == "tr":
            return _whole("del", old) + _whole("ins", new)
        if new.name == "li" and old.children and new.children and is_plain_item(old) and is_plain_item(new):
            first = write_runs(self._compare_runs(old.children[0].runs, new.children[0].runs))
            return f"<li>{first}{''.join(self._compare(old.children[1:], new.children[1:]))}</li>"
        return f"{opening_tag(new)}{''.join(self._compare(old.children, new.children))}</{new.name}>"

    def _is_alike(self, old: Block, new: Block) -> bool:
        if old.name != new.name:
            return False
        if old.name not in LEAVES and old.name != "li":
            return True
        first, second = _tokens(_all_runs(old)), _tokens(_all_runs(new))
        if min(len(first), len(second)) < 3:
            return True
        common = len({token.content for token in first} & {token.content for token in second})
        return common >= LEAST_ALIKE * min(len({token.content for token in first}), len({token.content for token in second}))

    def _compare_runs(self, old: Sequence[Run], new: Sequence[Run]) -> list[Run]:
        made: list[Run] = []
        for kind, from_old, from_new in _smoothed(list(self._opcodes(_tokens(old), _tokens(new)))):
            if kind == "equal":
                made.extend(from_new)
            else:
                made.extend(Run(run.content, (REMOVED, *run.marks)) for run in from_old if run.content != BREAK)
                made.extend(Run(run.content, (ADDED, *run.marks) if run.content != BREAK else ()) for run in from_new)
        return made

    def _opcodes(self, old: Sequence[Any], new: Sequence[Any], key: Any = None) -> Iterator[tuple[str, Sequence[Any], Sequence[Any]]]:
        """Equal and unequal stretches. Where comparing would take too long, all between the equal ends is unequal."""
        first = [key(item) for item in old] if key else old
        second = [key(item) for item in new] if key else new
        shortest = min(len(first), len(second))
        head = 0
        while head < shortest and first[head] == second[head]:
            head += 1
        tail = 0
        while tail < shortest - head and first[-1 - tail] == second[-1 - tail]:
            tail += 1
        if head:
            yield "equal", old[:head], new[:head]
        middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
        for kind, a, b, c, d in self._stretches(first[head : len(old) - tail], second[head : len(new) - tail]):
            yield kind, middle_old[a:b], middle_new[c:d]
        if tail:
            yield "equal", old[len(old) - tail :], new[len(new) - tail :]

    def _stretches(self, first: Sequence[Any], second: Sequence[Any]) -> list[Stretch]:
        """As few changes as can be found in time; else place by place where both are as long, else all of it."""
        if not first or not second or self.work < 0:
            return [("replace", 0, len(first), 0, len(second))] if first or second else []
        found, steps = shortest_edit(first, second, self.work)
        self.work -= steps
        if found is not None:
            return found
        if len(first) != len(second):
            return [("replace", 0, len(first), 0, len(second))]
        made = []
        for is_equal, places in groupby(range(len(first)), key=lambda place: first[place] == second[place]):
            stretch = list(places)
            made.append(("equal" if is_equal else "replace", stretch[0], stretch[-1] + 1, stretch[0], stretch[-1] + 1))
        return made


def _tokens(runs: Sequence[Run]) -> list[Run]:
    """Chinese by signs, other writing by words."""
    made: list[Run] = []
    for run in runs:
        if isinstance(run.content, Picture) or run.content == BREAK:
            made.append(run)
        else:
            made.extend(Run(token, run.marks) for token in TOKEN.findall(run.content))
    return made


def _smoothed(stretches: list[tuple[str, Sequence[Run], Sequence[Run]]]) -> list[tuple[str, Sequence[Run], Sequence[Run]]]:
    """One sign that happens to be the same between two changes is changed with them: readers compare words."""
    made: list[tuple[str, Sequence[Run], Sequence[Run]]] = []
    for index, (kind, old, new) in enumerate(stretches):
        is_between = 0 < index < len(stretches) - 1
        is_small = kind == "equal" and len(new) == 1 and is_between and isinstance(new[0].content, str) and new[0].content != BREAK
        if made and made[-1][0] != "equal" and (kind != "equal" or is_small):
            _, was, now = made[-1]
            made[-1] = ("replace", [*was, *old], [*now, *new])
        else:
            made.append((kind, old, new))
    return made


def _all_runs(block: Block) -> list[Run]:
    return [*block.runs, *(run for child in block.children for run in _all_runs(child))]


def _whole(mark: str, block: Block) -> str:
    """A block that came or went, marked where its place allows it."""
    if block.name in ("thead", "tbody", "tr"):
        return write_blocks([_marked(block, (mark, ""))])
    if block.name in ("li", "td", "th", "caption", "figcaption"):
        return write_blocks([_marked(block, (mark, ""))])
    return f"<{mark}>{write_blocks([block])}</{mark}>"


def _marked(block: Block, mark: Mark) -> Block:
    runs = [Run(run.content, (mark, *run.marks)) for run in block.runs]
    return replace(block, runs=runs, children=[_marked(child, mark) for child in block.children])
