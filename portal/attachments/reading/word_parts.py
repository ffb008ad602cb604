"""The parts of a Word document that are made anew for mammoth, and what styles mean."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from portal.attachments.reading.parts import attribute

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEADINGS = 6
DEEPEST_STYLE = 50
BODY_LEVEL = 9  # the outline level of what is no heading
HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])")
CONTENTS_NAME = re.compile(r"toc (?:\d|heading)|目录\s*\d?|table of figures")
BULLETS = "1"
CONTENT_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Default Extension="jpg" ContentType="image/jpeg"/>
<Default Extension="jpeg" ContentType="image/jpeg"/><Default Extension="gif" ContentType="image/gif"/><Default Extension="bmp" ContentType="image/bmp"/>
<Default Extension="tif" ContentType="image/tiff"/><Default Extension="tiff" ContentType="image/tiff"/></Types>"""
RELATIONS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="main"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"""
STYLES = (
    f'<?xml version="1.0"?><w:styles xmlns:w="{WORD}">'
    + "".join(f'<w:style w:type="paragraph" w:styleId="H{level}"><w:name w:val="heading {level}"/></w:style>' for level in range(1, HEADINGS + 1))
    + "</w:styles>"
)
LISTS = (
    f'<?xml version="1.0"?><w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0">'
    + "".join(f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="bullet"/></w:lvl>' for level in range(9))
    + f'</w:abstractNum><w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


@dataclass(slots=True)
class ParagraphStyle:
    name: str = ""
    based_on: str = ""
    outline: int | None = None


@dataclass(slots=True)
class Styles:
    """What the paragraph styles of a document mean, by their ids."""

    by_id: dict[str, ParagraphStyle] = field(default_factory=dict)

    def name(self, style: str) -> str:
        found = self.by_id.get(style)
        return found.name if found else ""

    def is_contents(self, style: str) -> bool:
        return bool(CONTENTS_NAME.fullmatch(self.name(style)))

    def is_title(self, style: str) -> bool:
        return self.name(style) in ("title", "标题")

    def heading(self, style: str) -> int:
        """The level of a heading from 1 on; 0 for other text."""
        seen: set[str] = set()
        while style in self.by_id and style not in seen and len(seen) < DEEPEST_STYLE:
            seen.add(style)
            found = self.by_id[style]
            if match := HEADING_NAME.fullmatch(found.name):
                return int(match[1])
            if found.outline is not None:
                return found.outline + 1 if found.outline < BODY_LEVEL else 0
            style = found.based_on
        return 0


def read_styles(root: Element | None) -> Styles:
    styles = Styles()
    for style in root if root is not None else ():
        if not style.tag.endswith("}style") or attribute(style, "type") not in ("", "paragraph"):
            continue
        found = styles.by_id[attribute(style, "styleId")] = ParagraphStyle()
        for element in style.iter():
            tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
            value = attribute(element, "val")
            if tag == "name":
                found.name = value.strip().lower()
            elif tag == "basedOn":
                found.based_on = value
            elif tag == "outlineLvl" and value.isascii() and value.isdigit():
                found.outline = int(value)
    return styles
