"""What was read of a Word document as the text of a policy: chapters and sections as headings, articles as paragraphs."""

from knowledge.clauses import LABEL
from portal.foundation.rich_text import clean_html
from portal.foundation.rich_text.model import Block, write_blocks
from portal.foundation.rich_text.reading import read_html

LONGEST_HEADING = 60
TAGS = {"章": "h2", "节": "h3", "条": "p", "chapter": "h2", "section": "h3", "article": "p"}


def policy_text(html: str) -> str:
    """Clean HTML. Word has the number of an article in a heading as often as a chapter in plain text; what the number says decides."""
    blocks = read_html(clean_html(html))
    for block in blocks:
        _name(block)
    return clean_html(write_blocks(blocks))


def _name(block: Block) -> None:
    if block.name not in ("p", "h2", "h3", "h4") or not block.runs:
        return
    match = LABEL.match(words := block.words())
    if match is not None:
        name = TAGS[(match[2] or match[4]).lower()]
        block.name = name if name == "p" or len(words) <= LONGEST_HEADING else "p"
