"""Charts as SVG made on the server: lines, bars, a gauge, stacked bars. Each comes with its table, takes its colours from the style
sheet, tells series apart by dashes too, and prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 640, 240
SMALL_WIDTH, SMALL_HEIGHT = 270, 72
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 12, 24
MOST_SERIES = 4
MOST_LABELS = 12
BAR_ROW = 26
GAUGE_LABEL = 20
STACK_ROW, STACK_LEFT, STACK_RIGHT = 34, 130, 60
Number = int | float


@dataclass(frozen=True, slots=True)
class Series:
    """Values over the labels of a chart; None is a gap."""

    label: str
    values: Sequence[Number | None]


def line_chart(title: str, labels: Sequence[str], series: Sequence[Series]) -> SafeString:
    """Lines over time or another order. Refuses more than four series: more cannot be told apart."""
    _check(labels, series)
    scale = _Scale([value for one in series for value in one.values if value is not None])
    step = (WIDTH - LEFT - RIGHT) / max(1, len(labels) - 1)
    points = [[None if value is None else (LEFT + index * step, scale.y(value)) for index, value in enumerate(one.values)] for one in series]
    parts = [scale.grid(), _labels_below(labels, [LEFT + index * step for index in range(len(labels))])]
    for index, line in enumerate(points):
        parts.append(f'<g class="series-{index}">{_path(line)}{_single_points(line)}</g>')
    return _figure(title, WIDTH, HEIGHT, "".join(parts), labels, series)


def bar_chart(title: str, labels: Sequence[str], series: Sequence[Series]) -> SafeString:
    """Upright bars from zero, side by side where there are several series."""
    _check(labels, series)
    scale = _Scale([0, *(value for one in series for value in one.values if value is not None)])
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(labels))
    width = min(48.0, slot * 0.72 / len(series))
    parts = [scale.grid(), _labels_below(labels, [LEFT + (index + 0.5) * slot for index in range(len(labels))])]
    for number, one in enumerate(series):
        bars = []
        for index, value in enumerate(one.values):
            if value is None:
                continue
            x = LEFT + (index + 0.5) * slot + (number - len(series) / 2) * width
            top, bottom = sorted((scale.y(value), scale.y(0)))
            bars.append(f'<rect class="bar" x="{x:.1f}" y="{top:.1f}" width="{width - 1:.1f}" height="{max(bottom - top, 0.5):.1f}" rx="1"/>')
        parts.append(f'<g class="series-{number}">{"".join(bars)}</g>')
    return _figure(title, WIDTH, HEIGHT, "".join(parts), labels, series)


def gauge_chart(title: str, labels: Sequence[str], done: Sequence[Number], of: Sequence[Number], *, low_below: float = 0.75) -> SafeString:
    """How much of each whole is reached, as level bars; below `low_below` (a share) it is marked."""
    if not len(labels) == len(done) == len(of):
        raise ValueError("a gauge needs a label, a value and a whole for each row")
    rows = []
    for index, (label, value, whole) in enumerate(zip(labels, done, of, strict=True)):
        share = min(1.0, value / whole) if whole else 0.0
        y = index * BAR_ROW
        mark = "! " if share < low_below else ""
        bar = f'x="130" y="{y + 9}" height="6" rx="3"'
        rows.append(
            f'<g class="series-0{" low" if mark else ""}"><text class="strong" x="0" y="{y + 16}">{escape(_short(label))}</text>'
            f'<rect class="track" {bar} width="400"/><rect class="bar" {bar} width="{400 * share:.1f}"/>'
            f'<text class="strong" x="{WIDTH}" y="{y + 16}" text-anchor="end">{mark}{_say(value)} / {_say(whole)}</text></g>'
        )
    return _figure(title, WIDTH, BAR_ROW * len(labels), "".join(rows), labels, [Series(_("reached"), done), Series(_("of"), of)], has_legend=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a stacked bar, and where pressing it leads."""

    value: Number
    url: str = ""


def stacked_chart(title: str, names: Sequence[str], rows: Sequence[tuple[str, Sequence[Piece]]]) -> SafeString:
    """Level bars of parts that add up, one above the other; each part leads to what it counts."""
    if any(len(pieces) != len(names) for _label, pieces in rows):
        raise ValueError("a stacked bar has a part for each name")
    widest = max((sum(piece.value for piece in pieces) for _label, pieces in rows), default=0) or 1
    room, drawn = WIDTH - STACK_LEFT - STACK_RIGHT, []
    for index, (label, pieces) in enumerate(rows):
        y, x = index * STACK_ROW, float(STACK_LEFT)
        parts = [f'<text class="strong" x="0" y="{y + 20}">{escape(_short(label))}</text>']
        for number, piece in enumerate(pieces):
            width = room * piece.value / widest
            if not piece.value:
                continue
            bar = f'<rect class="bar" x="{x:.1f}" y="{y + 4}" width="{max(width - 1, 1):.1f}" height="24" rx="1"><title>{escape(names[number])}</title></rect>'
            parts.append(f'<g class="series-{number}">{_linked(bar, piece.url, f"{label} · {names[number]} {_say(piece.value)}")}</g>')
            x += width
        parts.append(f'<text class="strong" x="{WIDTH}" y="{y + 20}" text-anchor="end">{_say(sum(piece.value for piece in pieces))}</text>')
        drawn.append("".join(parts))
    labels = [label for label, _pieces in rows]
    series = [Series(name, [pieces[number].value for _label, pieces in rows]) for number, name in enumerate(names)]
    return _figure(title, WIDTH, STACK_ROW * max(1, len(rows)), "".join(drawn), labels, series, role="group")


def _linked(shape: str, url: str, words: str) -> str:
    return f'<a href="{escape(url)}" aria-label="{escape(words)}">{shape}</a>' if url else shape


def spark_line(title: str, labels: Sequence[str], values: Sequence[Number | None], plan: Sequence[Number | None] = ()) -> SafeString:
    """A small line without axes for a panel, with the plan dashed behind it."""
    series = [Series(title, values), *([Series(_("plan"), plan)] if plan else [])]
    known = [value for one in series for value in one.values if value is not None] or [0]
    low, high = min(known), max(known)
    step = SMALL_WIDTH / max(1, len(labels) - 1)

    def place(index: int, value: Number) -> tuple[float, float]:
        return index * step, SMALL_HEIGHT - 6 - (value - low) / ((high - low) or 1) * (SMALL_HEIGHT - 12)

    lines = [[None if value is None else place(index, value) for index, value in enumerate(one.values)] for one in series]
    drawing = "".join(_path(line, kind="plan" if number else "line") for number, line in reversed(list(enumerate(lines))))
    return _figure(title, SMALL_WIDTH, SMALL_HEIGHT, f'<g class="series-0">{drawing}</g>', labels, series, has_legend=False, has_title=False)


class _Scale:
    """Round steps between the least and the greatest value, and where a value stands on the paper."""

    def __init__(self, values: Sequence[Number]) -> None:
        low, high = (min(values), max(values)) if values else (0, 1)
        if low > 0 and low < high * 0.6:
            low = 0
        if low == high:
            low, high = (low - 1, high + 1) if low else (0, 1)
        self.step = _round_step((high - low) / 4)
        self.low = floor(low / self.step) * self.step
        self.high = ceil(high / self.step) * self.step

    def y(self, value: Number) -> float:
        return TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)

    def grid(self) -> str:
        lines = []
        for index in range(round((self.high - self.low) / self.step) + 1):
            value = self.low + index * self.step
            y = self.y(value)
            lines.append(f'<line class="{"axis" if abs(value) < self.step / 1e6 else "grid"}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
            lines.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_say(value)}</text>')
        return "".join(lines)


def _round_step(rough: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** floor(log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


def _path(points: Sequence[tuple[float, float] | None], *, kind: str = "line") -> str:
    commands = []
    for before, point in pairwise([None, *points]):
        if point is not None:
            commands.append(f"{'M' if before is None else 'L'}{point[0]:.1f} {point[1]:.1f}")
    return f'<path class="{kind}" d="{"".join(commands)}"/>'


def _single_points(points: Sequence[tuple[float, float] | None]) -> str:
    """A value between two gaps has no line, so it gets a mark; so does the last value."""
    around = [None, *points, None]
    marks = []
    for index, point in enumerate(points, start=1):
        if point is not None and around[index + 1] is None and (around[index - 1] is None or index == len(points)):
            marks.append(f'<circle class="mark" cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="3"/>')
    return "".join(marks)


def _labels_below(labels: Sequence[str], places: Sequence[float]) -> str:
    """As many as fit; every second one is spared where the chart is narrow and its letters are larger."""
    every = ceil(len(labels) / MOST_LABELS) or 1
    texts: list[str] = []
    for index, (label, x) in enumerate(zip(labels, places, strict=True)):
        if index % every == 0:
            anchor = "end" if x > WIDTH - RIGHT - 10 else "middle" if x > LEFT else "start"
            spare = ' class="spare"' if len(texts) % 2 else ""
            texts.append(f'<text{spare} x="{x:.1f}" y="{HEIGHT - 6}" text-anchor="{anchor}">{escape(label)}</text>')
    return "".join(texts)


def _figure(
    title: str,
    width: int,
    height: int,
    drawing: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    has_legend: bool = True,
    has_title: bool = True,
    role: str = "img",
) -> SafeString:
    legend = ""
    if has_legend and len(series) > 1:
        entries = "".join(
            f'<li class="series-{index}"><svg viewBox="0 0 22 8" aria-hidden="true"><path class="line" d="M0 4H22"/></svg>{escape(one.label)}</li>'
            for index, one in enumerate(series)
        )
        legend = f'<ul class="legend">{entries}</ul>'
    caption = f"<figcaption>{escape(title)}</figcaption>" if has_title else ""
    image = f'<svg viewBox="0 0 {width} {height}" role="{role}" aria-label="{escape(title)}">{drawing}</svg>'
    return mark_safe(f'<figure class="chart">{caption}{legend}{image}{_table(title, labels, series)}</figure>')


def _table(title: str, labels: Sequence[str], series: Sequence[Series]) -> str:
    head = "".join(f'<th scope="col" class="num">{escape(one.label)}</th>' for one in series)
    cells = ["".join(f'<td class="num">{_say(one.values[index])}</td>' for one in series) for index in range(len(labels))]
    rows = "".join(f'<tr><th scope="row">{escape(label)}</th>{row}</tr>' for label, row in zip(labels, cells, strict=True))
    words = escape(_("As a table"))
    return (
        f'<details><summary>{words}</summary><div class="table-scroll"><table class="table dense"><caption class="visually-hidden">{escape(title)}</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _short(label: str, width: int = GAUGE_LABEL) -> str:
    """As much of a label as fits, a Chinese character counting twice; the table has all of it."""
    used = 0
    for index, character in enumerate(label):
        used += 2 if ord(character) > 0x2E80 else 1
        if used > width:
            return f"{label[: max(1, index - 1)]}…"
    return label


def _say(value: Number | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0")


def _check(labels: Sequence[str], series: Sequence[Series]) -> None:
    if not 1 <= len(series) <= MOST_SERIES:
        raise ValueError(f"a chart has one to {MOST_SERIES} series")
    if any(len(one.values) != len(labels) for one in series):
        raise ValueError("each series needs a value, or None, for each label")
