"""The text of a Word document made ready for mammoth: numbers written out, headings and bullets by our own styles, what cannot be told left out and counted."""

import re
from collections import Counter
from xml.etree.ElementTree import Element, SubElement

from portal.attachments.reading.numbering import Labels, Numbering, Paragraph
from portal.attachments.reading.parts import attribute
from portal.attachments.reading.word_parts import BULLETS, HEADINGS, WORD, Styles

LONGEST_HEADING = 80
MOST_NESTED_TABLES = 5
# What was deleted or moved away, and what never stood in the text.
GONE = {"del", "moveFrom", "commentReference", "sectPr", "proofErr"}
# What mammoth cannot tell, by the code under which whoever imports reads of it.
LOST = {"object": "objects", "chart": "charts", "relIds": "charts", "wgp": "drawings", "wpc": "drawings"}
SPACE_AFTER_CHINESE = "　"
CHINESE = re.compile(r"[\u3400-\u9fff〇）]")


class Unreadable(Exception):  # noqa: N818  # its name is what the portal is told of it
    """Why a document is not read; the words are a code."""


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def of_word(tag: str) -> str:
    return f"{{{WORD}}}{tag}"


class Body:
    """Rewrites the parts of one document, in their order, since the numbers of its lists go on from one to the next."""

    def __init__(self, styles: Styles, numbering: Numbering, *, known: set[str]) -> None:
        self.styles, self.labels = styles, Labels(numbering)
        self.known = known
        self.lost: Counter[str] = Counter()
        self.title = ""
        self.carried: list[Element] = []
        self.said = 0  # paragraphs with words so far
        self.tables = 0

    def rewrite(self, document: Element) -> None:
        self._container(document)
        self.lost["contents"] = int(self.lost["contents"] > 0)

    def rewrite_notes(self, notes: Element) -> None:
        said, self.said = self.said, 1000  # no title stands in a note
        self._container(notes)
        self.said = said

    def _container(self, container: Element) -> None:
        place = 0
        while place < len(container):
            child = container[place]
            tag = local(child)
            if tag in GONE:
                self.lost["tracked"] += tag in ("del", "moveFrom") and local(container) != "rPr" and len(child) > 0
                container.remove(child)
            elif tag == "AlternateContent":
                container[place : place + 1] = _branch(child)
            elif tag in ("oMath", "oMathPara"):
                container[place] = self._formula(child, is_whole=tag == "oMathPara" and local(container) != "p")
                place += 1
            elif tag == "ruby":
                container[place : place + 1] = [run for base in child if local(base) == "rubyBase" for run in base]
            elif tag == "p" and self._paragraph(child):
                container.remove(child)
            else:
                self._other(child, tag)
                place += 1

    def _other(self, element: Element, tag: str) -> None:
        """What holds other things, or is one that has no words."""
        if tag == "tbl":
            self.tables += 1
            if self.tables > MOST_NESTED_TABLES:
                raise Unreadable("nested")
            self.lost["nested_tables"] += self.tables == 2
            self._container(element)
            self.tables -= 1
            return
        if tag == "txbxContent":
            self.lost["text_boxes"] += 1
        if tag in LOST:
            self.lost[LOST[tag]] += 1
        if tag in ("drawing", "pict"):
            self._picture(element)
        if tag not in ("p", "pPr", "rPr", "tblPr", "tcPr", "trPr"):
            self._container(element)

    def _picture(self, drawing: Element) -> None:
        """Takes out what the document does not bring along, or brings in a form of its own."""
        for holder in list(drawing.iter()):
            for child in list(holder):
                key = attribute(child, "embed") or attribute(child, "link") if local(child) == "blip" else attribute(child, "id")
                if local(child) in ("blip", "imagedata") and key not in self.known:
                    self.lost["pictures"] += 1
                    holder.remove(child)

    def _formula(self, formula: Element, *, is_whole: bool) -> Element:
        self.lost["formulas"] += 1
        run = _run("".join(element.text or "" for element in formula.iter() if local(element) == "t"))
        if not is_whole:
            return run
        paragraph = Element(of_word("p"))
        paragraph.append(run)
        return paragraph

    def _paragraph(self, paragraph: Element) -> bool:
        """Write its number into it, and its style anew; whether it goes."""
        properties = next((child for child in paragraph if local(child) == "pPr"), None)
        asked, outline = _asked(properties)
        label = self.labels.label(asked)
        bullet = self.labels.bullet
        if properties is not None:
            paragraph.remove(properties)
        if asked.is_removed:
            self._container(paragraph)
            self.carried += list(paragraph)
            return True
        if self.styles.is_contents(asked.style):
            self.lost["contents"] += 1
            return True
        self._container(paragraph)
        words = "".join(element.text or "" for element in paragraph.iter() if local(element) == "t").strip()
        if words and not self.title and self.said < 5 and self.styles.is_title(asked.style):
            self.title = words[:255]
            return True
        self.said += bool(words)
        level = outline if outline is not None else self.styles.heading(asked.style)
        is_heading = level > 0 and 0 < len(words) <= LONGEST_HEADING and not self.tables
        if self.carried:
            paragraph[0:0], self.carried = self.carried, []
        if label:
            paragraph.insert(0, _run(_label_text(label)))
        paragraph.insert(0, _properties(min(level, HEADINGS) if is_heading else 0, bullet if words and not is_heading else None))
        return False


def _asked(properties: Element | None) -> tuple[Paragraph, int | None]:
    """What a paragraph says of its number, and the level of a heading that it gives itself."""
    paragraph = Paragraph()
    outline: int | None = None
    for child in properties if properties is not None else ():
        tag = local(child)
        if tag == "pStyle":
            paragraph.style = attribute(child, "val")
        elif tag == "outlineLvl" and (value := attribute(child, "val")).isascii() and value.isdigit():
            outline = int(value) + 1 if int(value) < 9 else 0
        elif tag == "numPr":
            for part in child:
                value = attribute(part, "val")
                if local(part) == "numId":
                    paragraph.number = value
                elif local(part) == "ilvl" and re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
                    paragraph.level = int(value)
        elif tag == "rPr":
            paragraph.is_removed = any(local(mark) in ("del", "moveFrom") for mark in child)
    return paragraph, outline


def _branch(alternatives: Element) -> list[Element]:
    """Of what stands there twice, for new programs and for old ones, that which can be read."""
    fallback = next((branch for branch in alternatives if local(branch) == "Fallback"), None)
    choice = next((branch for branch in alternatives if local(branch) == "Choice"), None)
    is_readable = fallback is not None and any(local(element) in ("pict", "t") for element in fallback.iter())
    has_picture = choice is not None and any(local(element) == "blip" for element in choice.iter())
    chosen = fallback if is_readable and not has_picture else choice
    return list(chosen) if chosen is not None else []


def _label_text(label: str) -> str:
    text = label.strip()
    has_gap = label != label.rstrip() or label.endswith("\t")
    return text + ((SPACE_AFTER_CHINESE if CHINESE.search(text) else " ") if has_gap else "")


def _run(text: str) -> Element:
    run = Element(of_word("r"))
    words = SubElement(run, of_word("t"), {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    words.text = text
    return run


def _properties(level: int, bullet: int | None) -> Element:
    properties = Element(of_word("pPr"))
    if level:
        SubElement(properties, of_word("pStyle"), {of_word("val"): f"H{level}"})
    if bullet is not None:
        numbered = SubElement(properties, of_word("numPr"))
        SubElement(numbered, of_word("ilvl"), {of_word("val"): str(bullet)})
        SubElement(numbered, of_word("numId"), {of_word("val"): BULLETS})
    return properties
