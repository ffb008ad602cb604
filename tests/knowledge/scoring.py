"""How rightly two versions of a policy are read from Word and compared, against the differences that were made."""

import json
from dataclasses import dataclass
from io import BytesIO
from random import Random

from knowledge.clauses import Clause, articles_of, recognise
from knowledge.importing.policy_text import policy_text
from knowledge.pairing import Change, pair
from portal.attachments.reading.word import convert
from tests.knowledge.regulations import Said, counted, regulation, revised
from tests.knowledge.word import regulation_document


@dataclass(frozen=True, slots=True)
class Score:
    articles: int
    recognised: float
    precision: float
    recall: float
    unmarked: int


def read_articles(content: bytes) -> list[Clause]:
    """The numbered articles of a DOCX, as an import stores them."""
    html = json.loads(b"".join(convert(BytesIO(content))).partition(b"\n")[0])["html"]
    return [clause for clause in articles_of(recognise(policy_text(html))) if clause.kind == "article"]


def score_of(random: Random) -> Score:
    """A policy of 20 to 120 articles and its revision, both as Word documents."""
    before = regulation(random, random.randrange(20, 121))
    after = revised(random, before)
    olds, news = (read_articles(regulation_document(random, one)) for one in (before, after))
    said = [*_kept(olds, before.all()), *_kept(news, after.all())]
    recognised = sum(said) / len(said)
    if len(olds) != len(before.all()) or len(news) != len(after.all()):
        return Score(len(said), recognised, 0, 0, len(said))
    keys, later = [one.key for one in before.all()], [one.key for one in after.all()]
    found = pair(olds, news)
    pairs = [(keys[one.before], later[one.after]) for one in found if one.before is not None and one.after is not None]
    right = sum(old == new for old, new in pairs)
    texts = {one.key: one.text for one in before.all()}
    unmarked = sum(
        one.change in {Change.SAME, Change.RENUMBERED, Change.MOVED} and texts.get(later[one.after]) != after.all()[one.after].text
        for one in found
        if one.after is not None and later[one.after] in texts
    )
    return Score(len(said), recognised, right / max(len(pairs), 1), right / max(len(set(keys) & set(later)), 1), unmarked)


def _kept(read: list[Clause], said: list[Said]) -> list[bool]:
    """Of each article, whether it was read with its number and its words."""
    labels = {clause.label.replace("零", "〇"): clause for clause in read}
    return [(clause := labels.get(f"第{counted(number)}条")) is not None and clause.text.startswith(one.text) for number, one in enumerate(said, start=1)]
