"""How well search finds the passage that answers: questions made from the sections of Chinese manuals, nDCG@10 for each engine; and what its order tells.

A question is what is left of one or two sentences when their words are shuffled and thinned; its answer is the section they stand in.
The manuals are packages of Debian: taken from the machine where they are installed, else fetched with apt-get into var/bench; without them nothing is measured.
"""

import math
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import time

from bs4 import BeautifulSoup, Tag

from benchmarks.context import Context
from benchmarks.rows import Row, at_least, at_most, told
from portal.search.asking import understand
from portal.search.engines.base import Engine
from portal.search.engines.elasticsearch import ElasticsearchEngine
from portal.search.engines.elasticsearch.connection import Addresses
from portal.search.engines.embedded import EmbeddedEngine
from portal.search.feeding import passages_of
from portal.search.finding import PAGE, Asking, Chosen
from portal.search.following import change_of
from portal.search.models import Entry, Passage
from portal.search.question import Filters
from tests.services.elasticsearch import OLDEST, lacking, running

PACKAGES = {
    "debian-reference-zh-cn": "usr/share/debian-reference/*.zh-cn.html",
    "debian-faq-zh-cn": "usr/share/doc/debian/FAQ/zh-cn/*.html",
    "debian-edu-doc-zh-cn": "usr/share/doc/debian-edu-doc-zh-cn/**/*.html*",
    "maint-guide-zh-cn": "usr/share/doc/maint-guide-zh-cn/html/*.html",
    "gimp-help-zh-cn": "usr/share/gimp/2.0/help/zh_CN/*.html",
}
MOST_FILES = 260
HEADINGS = ["h1", "h2", "h3", "h4"]
HAN = re.compile(r"[\u4e00-\u9fff]")
RUN = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z0-9]+")
SENTENCE = re.compile(r"[^。！？；\n]{10,120}[。！？；\n]")
SHORTEST_SECTION = 60
QUESTIONS = 1_500
LEFT = 0.6
SHORTEST_QUESTION = 8
FLOOR = 0.95
GUESSES = 200
# So many right of 200 are chance: 100 and three times the spread of fair coins.
CHANCE = 121


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    text: str


def measure(context: Context) -> list[Row]:
    sections = list(sections_of(find_manuals(context.data_dir.parent, context.say)))
    if len(sections) < 300:
        return [told("retrieval", "sections of Chinese manuals (none could be had)", len(sections), "sections")]
    rows = [told("retrieval", "sections of Chinese manuals", len(sections), "sections")]
    kinds: dict[str, Callable[[list[str], Random], str]] = {"apart": _apart, "in one run": _together}
    with ExitStack() as stack:
        for engine in _engines(stack, context):
            fill(engine, sections)
            for name, ask in kinds.items():
                context.say(f"{engine.name}: {QUESTIONS:,} questions, words {name}")
                value = sum(gains(engine, sections, ask)) / QUESTIONS
                rows.append(at_least("retrieval", f"{engine.name}: nDCG@10, words {name}", value, "", FLOOR))
            context.say(f"{engine.name}: guessing words of hidden texts")
            rows.append(at_most("retrieval", f"{engine.name}: words of hidden texts told by the order, of {GUESSES}", told_right(engine), "", CHANCE))
    return rows


def told_right(engine: Engine) -> int:
    """How often two texts of one's own (`x y y y`, `x x x y`) tell by their order which of both words stands in a hidden text; half by chance."""
    random = Random(11)
    characters = [chr(0x5000 + number) for number in random.sample(range(0x3000), 4 * GUESSES)]
    pairs = ["".join(characters[place : place + 2]) for place in range(0, len(characters), 2)]
    secrets = [random.randrange(2) for _turn in range(GUESSES)]
    number = 0
    with engine.rebuild() as index:
        for turn, secret in enumerate(secrets):
            x, y = pairs[2 * turn : 2 * turn + 2]
            for title, include in ((f"{x} {y} {y} {y}", ["all"]), (f"{x} {x} {x} {y}", ["all"]), (f"{(x, y)[secret]} {turn}", ["dept:2"])):
                number += 1
                entry = Entry(pk=number, source="guesses", object_id=number, version=number, kind="notice", title=title, include=include)
                index.write([change_of(entry, [], None)])
        index.finish(number)
    filters = Filters(tokens=("all",), level=1, now=int(time()))
    right = 0
    for turn, secret in enumerate(secrets):
        asked = understand(" ".join(pairs[2 * turn : 2 * turn + 2]))
        _fit, answer = Asking(engine, asked, filters, Chosen(), PAGE, (), is_typing=False, is_about=False).best()
        # The text with three of the rarer word stands first, so the hidden text has the other.
        guess = 0 if answer.hits[0].entry_id % 3 == 1 else 1
        right += guess == secret
    return right


def gains(engine: Engine, sections: list[Section], ask: Callable[[list[str], Random], str]) -> Iterator[float]:
    """For each question 1/log2(1 + the place of its section), nothing below the tenth."""
    random = Random(5)
    filters = Filters(tokens=("all",), level=1, now=int(time()))
    asked = 0
    while asked < QUESTIONS:
        number = random.randrange(len(sections))
        sentences = SENTENCE.findall(sections[number].text)
        chosen = "".join(random.sample(sentences, min(len(sentences), random.choice((1, 1, 2)))))
        kept = [piece for piece in cut(chosen, random) if random.random() < LEFT]
        if len(HAN.findall("".join(kept))) < SHORTEST_QUESTION:
            continue
        random.shuffle(kept)
        asked += 1
        asking = Asking(engine, understand(ask(kept, random)), filters, Chosen(), PAGE, (), is_typing=False, is_about=False)
        _fit, answer = asking.best()
        place = next((place for place, hit in enumerate(answer.hits[:10], 1) if hit.entry_id == number + 1), None)
        yield 1 / math.log2(1 + place) if place else 0.0


def fill(engine: Engine, sections: list[Section]) -> None:
    with engine.rebuild() as index:
        for number, section in enumerate(sections, 1):
            entry = Entry(pk=number, source="manuals", object_id=number, version=number, kind="notice", title=section.title, include=["all"])
            pieces = [
                Passage(pk=number * 1_000 + place, entry=entry, number=place, text=text)
                for place, (_page, text) in enumerate(passages_of([(None, section.text)]))
            ]
            index.write([change_of(entry, pieces, None)])
        index.finish(len(sections))


def sections_of(pages: list[Path]) -> Iterator[Section]:
    """What stands under each heading down to the next one; the same text once."""
    known: set[str] = set()
    for page in pages:
        soup = BeautifulSoup(page.read_bytes(), "html.parser")
        for furniture in soup.select(".navheader, .navfooter, script, style, .toc"):
            furniture.decompose()
        for heading in soup.find_all(HEADINGS):
            text = "\n".join(_text_below(heading)).strip()
            if len(HAN.findall(text)) >= SHORTEST_SECTION and text not in known and SENTENCE.search(text):
                known.add(text)
                yield Section(heading.get_text(" ", strip=True), text)


def _text_below(heading: Tag) -> Iterator[str]:
    for element in heading.find_all_next(["p", "li", "td", "th", "pre", "dt", "dd", *HEADINGS]):
        if element.name in HEADINGS:
            return
        if not element.find_parent(["p", "li", "td", "dd"]):
            yield element.get_text(" ", strip=True)


def find_manuals(place: Path, say: Callable[[str], None]) -> list[Path]:
    found: list[Path] = []
    for package, pattern in PACKAGES.items():
        pages = sorted(Path("/").glob(pattern)) or sorted(_fetched(place / "manuals" / package, package, say).glob(pattern))
        found += pages[:MOST_FILES]
    return found


def _fetched(target: Path, package: str, say: Callable[[str], None]) -> Path:
    if target.exists() or not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return target
    say(f"fetching {package}")
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["apt-get", "download", "-qq", package], cwd=directory, capture_output=True)
        for archive in Path(directory).glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", archive, target], check=True)
    return target


def cut(text: str, random: Random) -> Iterator[str]:
    """Runs of Chinese in pieces of two to four characters, words and numbers as they are; not the portal's analysis, so that the questions owe it nothing."""
    for run in RUN.findall(text):
        place = 0
        while place < len(run):
            length = random.randint(2, 4) if HAN.match(run) else len(run)
            # No piece of one character is left over.
            length = len(run) - place if len(run) - place - length == 1 else length
            yield run[place : place + length]
            place += length


def _apart(words: list[str], _random: Random) -> str:
    return " ".join(words)


def _together(words: list[str], _random: Random) -> str:
    return "".join(words)


def _engines(stack: ExitStack, context: Context) -> Iterator[Engine]:
    directory = stack.enter_context(tempfile.TemporaryDirectory())
    yield EmbeddedEngine(Path(directory), "retrieval")
    if not lacking(OLDEST):
        context.say("starting Elasticsearch")
        server = stack.enter_context(running(OLDEST))
        yield ElasticsearchEngine(Addresses([server.address]), "retrieval")
