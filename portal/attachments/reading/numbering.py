"""The numbers that Word sets before paragraphs by itself (ECMA-376, 17.9): 第五条, （一）, 1.1. They stand nowhere in the text and are counted here.

What a document gives wrongly (a list that is not there, a circle of styles, a number of a million digits) numbers nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element, ParseError
from zipfile import ZipFile

from portal.attachments.reading.numerals import written
from portal.attachments.reading.parts import attribute, elements

WORD_SPACES = ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
LEVELS = 9
LONGEST_LABEL = 255  # Word's own limit
DEEPEST_STYLE = 50
PLACE = re.compile(r"%([1-9])")
# What stands between a number and its text.
SUFFIXES = {"tab": "\t", "space": " ", "nothing": ""}


@dataclass(slots=True)
class Level:
    """How one level of a list is counted and shown. `restarts_after` is the level from which on it begins anew: None any above it, 0 never."""

    start: int = 0
    number_format: str = "decimal"
    width: int = 0
    text: str = ""
    suffix: str = "\t"
    style: str = ""
    restarts_after: int | None = None
    is_legal: bool = False

    def shown(self, number: int) -> str:
        return str(number).zfill(self.width) if self.width else written(number, self.number_format)


@dataclass(slots=True)
class AbstractList:
    levels: dict[int, Level] = field(default_factory=dict)
    number_style: str = ""


@dataclass(slots=True)
class ListInstance:
    """A list as paragraphs name it: an abstract one, with what differs from it."""

    abstract: str = ""
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)


@dataclass(slots=True)
class Style:
    based_on: str = ""
    number: str | None = None
    level: int | None = None


@dataclass(slots=True)
class Paragraph:
    """What a paragraph says about its number itself."""

    style: str = ""
    number: str | None = None
    level: int | None = None
    is_removed: bool = False  # its end was deleted or moved away: it runs on into the next one, which has the number


@dataclass(slots=True)
class Numbering:
    """What a document says about its lists."""

    abstracts: dict[str, AbstractList] = field(default_factory=dict)
    lists: dict[str, ListInstance] = field(default_factory=dict)
    styles: dict[str, Style] = field(default_factory=dict)
    default_style: str = ""

    @classmethod
    def of(cls, archive: ZipFile, names: Iterable[str], budget: list[int]) -> "Numbering":
        """Empty where the document has no lists, or where what it says of them cannot be read: its text can be all the same."""
        found = cls()
        if "word/numbering.xml" not in names:
            return found
        try:
            found._read_lists(archive, budget)
            if "word/styles.xml" in names:
                found._read_styles(archive, budget)
        except ParseError:
            return cls()
        return found

    def chain(self, style: str) -> list[str]:
        """The style and those that it is based on."""
        chain: list[str] = []
        while style in self.styles and style not in chain and len(chain) < DEEPEST_STYLE:
            chain.append(style)
            style = self.styles[style].based_on
        return chain

    def abstract_of(self, instance: ListInstance) -> tuple[str, AbstractList] | None:
        """The list that is counted on; one that only names a style of numbering is that style's list."""
        abstract = self.abstracts.get(instance.abstract)
        if abstract and abstract.number_style and not abstract.levels:
            style = self.styles.get(abstract.number_style)
            meant = self.lists.get(style.number or "") if style else None
            found = self.abstracts.get(meant.abstract) if meant else None
            return (meant.abstract, found) if meant and found else None
        return (instance.abstract, abstract) if abstract else None

    def _read_lists(self, archive: ZipFile, budget: list[int]) -> None:
        abstract = AbstractList()
        instance = ListInstance()
        level: Level | None = None
        is_in_list = is_in_abstract = False
        override = 0
        for is_start, tag, element in elements(archive, "word/numbering.xml", budget):
            if not is_start:
                level = None if tag == "lvl" else level
                is_in_abstract = is_in_abstract and tag != "abstractNum"
                is_in_list = is_in_list and tag != "num"
            elif tag == "abstractNum":
                abstract = self.abstracts[attribute(element, "abstractNumId")] = AbstractList()
                is_in_abstract = True
            elif tag == "num":
                instance = self.lists[attribute(element, "numId")] = ListInstance()
                is_in_list = True
            elif tag == "lvl" and (is_in_abstract or is_in_list):
                level = Level()
                (abstract if is_in_abstract else instance).levels[_number(attribute(element, "ilvl"), 0)] = level
            elif level is not None:
                _read_level(level, tag, element)
            elif is_in_abstract and tag == "numStyleLink":
                abstract.number_style = _value(element)
            elif is_in_list and tag == "abstractNumId":
                instance.abstract = _value(element)
            elif is_in_list and tag == "lvlOverride":
                override = _number(attribute(element, "ilvl"), 0)
            elif is_in_list and tag == "startOverride":
                instance.starts[override] = _number(_value(element), 0)

    def _read_styles(self, archive: ZipFile, budget: list[int]) -> None:
        style = Style()
        earlier = 0
        for is_start, tag, element in elements(archive, "word/styles.xml", budget):
            if tag == "pPrChange":
                earlier += 1 if is_start else -1
            elif not is_start or earlier:
                continue
            elif tag == "style":
                name = attribute(element, "styleId")
                style = self.styles[name] = Style()
                if attribute(element, "type") == "paragraph" and attribute(element, "default") in ("1", "true", "on"):
                    self.default_style = name
            elif tag == "basedOn":
                style.based_on = _value(element)
            elif tag == "numId":
                style.number = _value(element)
            elif tag == "ilvl":
                style.level = _number(_value(element), 0)


class Labels:
    """Counts the paragraphs of one part, in their order. Lists of one abstract list go on counting together, whatever stands between."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.counts: dict[str, list[int | None]] = {}
        self.begun: set[tuple[str, int]] = set()
        self.of_styles: dict[str, tuple[str | None, list[str]]] = {}
        self.levels: dict[tuple[str, int], Level] = {}
        self.bullet: int | None = None  # the level of the last paragraph, where it has a sign in place of a number

    def label(self, paragraph: Paragraph) -> str:
        """The number with what stands behind it; counts on. Empty for a paragraph without one."""
        self.bullet = None
        if paragraph.is_removed:
            return ""
        number, chain = self._of_style(paragraph.style or self.numbering.default_style)
        number = paragraph.number if paragraph.number is not None else number
        instance = self.numbering.lists.get(number or "")
        found = self.numbering.abstract_of(instance) if instance else None
        if number is None or instance is None or found is None:
            return ""
        key, abstract = found
        level = paragraph.level if paragraph.level is not None else self._level_of_styles(chain, abstract)
        if not 0 <= level < LEVELS:
            return ""
        counts = self.counts.setdefault(key, [None] * LEVELS)
        self._count(counts, number, level, instance, abstract)
        return self._shown(counts, number, level, instance, abstract)

    def _of_style(self, name: str) -> tuple[str | None, list[str]]:
        """The list, from the nearest style that names one, and the styles."""
        if name not in self.of_styles:
            chain = self.numbering.chain(name)
            self.of_styles[name] = next((style.number for one in chain if (style := self.numbering.styles[one]).number is not None), None), chain
        return self.of_styles[name]

    def _level_of_styles(self, chain: list[str], abstract: AbstractList) -> int:
        """The level that is linked to the nearest style, or that the style names."""
        for name in chain:
            linked = next((index for index, level in abstract.levels.items() if level.style == name), self.numbering.styles[name].level)
            if linked is not None:
                return linked
        return 0

    def _level(self, number: str, level: int, instance: ListInstance, abstract: AbstractList) -> Level:
        """The level as this list has it."""
        if (number, level) not in self.levels:
            found = instance.levels.get(level) or abstract.levels.get(level) or Level()
            start = instance.starts.get(level)
            self.levels[number, level] = found if start is None else replace(found, start=start)
        return self.levels[number, level]

    def _count(self, counts: list[int | None], number: str, level: int, instance: ListInstance, abstract: AbstractList) -> None:
        if level in instance.starts and (number, level) not in self.begun:
            counts[level] = None
        self.begun.add((number, level))
        count = counts[level]
        counts[level] = self._level(number, level, instance, abstract).start if count is None else count + 1
        for deeper in range(level + 1, LEVELS):
            after = self._level(number, deeper, instance, abstract).restarts_after
            if after is None or level < after:
                counts[deeper] = None

    def _shown(self, counts: list[int | None], number: str, level: int, instance: ListInstance, abstract: AbstractList) -> str:
        shown = self._level(number, level, instance, abstract)
        if shown.number_format == "bullet":
            self.bullet = level
            return ""
        said: list[str] = []

        def fill(match: re.Match[str]) -> str:
            other = self._level(number, int(match[1]) - 1, instance, abstract)
            count = counts[int(match[1]) - 1]
            count = other.start if count is None else count
            is_said = other.number_format not in ("none", "bullet")
            said.append((str(count) if shown.is_legal else other.shown(count)) if is_said else "")
            return said[-1]

        text = PLACE.sub(fill, shown.text)
        if not text.strip() or (said and not any(said)):
            return ""
        return text + shown.suffix


class NumberedParagraphs:
    """Watches the tags of a part and says, at the tag before which it stands, the number of the paragraph that has begun."""

    def __init__(self, numbering: Numbering) -> None:
        self.labels = Labels(numbering)
        self.paragraph: Paragraph | None = None
        self.properties = 0
        self.earlier = 0

    def pass_tag(self, tag: str, element: Element, *, is_start: bool) -> str:
        """The number, once a paragraph has said all about it; else nothing."""
        if self.paragraph is None and tag != "p":
            return ""
        if not isinstance(element.tag, str) or element.tag.rpartition("}")[0].lstrip("{") not in WORD_SPACES:
            return ""
        if self.paragraph is not None and self.properties:
            return self._pass_property(self.paragraph, tag, element, is_start=is_start)
        if self.paragraph is not None and is_start and tag == "pPr":
            self.properties = 1
            return ""
        said = self._said()
        if is_start and tag == "p":
            self.paragraph = Paragraph()
        return said

    def _pass_property(self, paragraph: Paragraph, tag: str, element: Element, *, is_start: bool) -> str:
        if tag in ("pPrChange", "rPrChange", "numberingChange"):
            self.earlier += 1 if is_start else -1
        elif not is_start and tag == "pPr" and not self.earlier:
            self.properties = 0
            return self._said()
        elif is_start and not self.earlier:
            if tag == "pStyle":
                paragraph.style = _value(element)
            elif tag == "numId":
                paragraph.number = _value(element)
            elif tag == "ilvl":
                paragraph.level = _number(_value(element), 0)
            elif tag in ("del", "moveFrom"):
                paragraph.is_removed = True
        return ""

    def _said(self) -> str:
        paragraph, self.paragraph = self.paragraph, None
        return self.labels.label(paragraph) if paragraph else ""


def _read_level(level: Level, tag: str, element: Element) -> None:
    value = _value(element)
    if tag == "start":
        level.start = _number(value, 0)
    elif tag == "numFmt" and value == "custom":
        first = attribute(element, "format").partition(",")[0]
        level.width = len(first) if re.fullmatch(r"0{1,8}1", first) else 0
    elif tag == "numFmt":
        level.number_format = value
    elif tag == "lvlText":
        level.text = value[:LONGEST_LABEL]
    elif tag == "suff":
        level.suffix = SUFFIXES.get(value, "\t")
    elif tag == "pStyle":
        level.style = value
    elif tag == "lvlRestart":
        level.restarts_after = _number(value, 0)
    elif tag == "isLgl":
        level.is_legal = value not in ("0", "false", "off")


def _value(element: Element) -> str:
    return attribute(element, "val")


def _number(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text, re.ASCII) else otherwise
