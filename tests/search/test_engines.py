"""One contract for every engine: the same entries and the same question give the hits that the naive rule gives, in each."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.search.analysis.asking import excluded_clauses, wording_of
from portal.search.analysis.names import spellings
from portal.search.analysis.terms import terms_of
from portal.search.engines.base import Engine, IndexMissingError
from portal.search.question import FACETS, Clause, Filters, Gone, IndexedEntry, IndexedPassage, Order, Question, Term
from tests.search import naive
from tests.search.engines import ENGINES, made

WORDS = ("质量", "检验", "卷烟", "烟", "温湿度", "仓库", "notice", "notices", "approved", "gb/t 5606", "8mg", "h1 2026", "wangwei", "停电", "安全")
TEXTS = (
    "卷烟质量检验办法", "仓库温湿度记录", "GB/T 5606 卷烟 第5章", "焦油 8 mg，烟气 8mg", "H1 2026 计划", "Notices were approved by the office", "停电通知", "消防安全",
    "烟", "质量 安全 停电", "notice board", "片烟库温湿度每班检查两次，由仓库保管员记录",
)  # fmt: skip
TOKENS = ("all", "dept:1+", "dept:2", "user:7", "pos:3")


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with made(request.param, tmp_path_factory.mktemp("index")) as engine:
        yield engine


def entry(
    number: int, title: str, text: str = "", *, version: int | None = None, allow: tuple[str, ...] = ("all",), deny: tuple[str, ...] = (), level: int = 0,
    kind: str = "notice", department: int = 2, author: int = 7, file_type: str = "", names: tuple[str, ...] = (), dated_at: int | None = None,
    ends_at: int = 2**61, place: str = "", passages: tuple[str, ...] = (), readers: tuple[str, ...] = (), readers_level: int = 0,
) -> IndexedEntry:  # fmt: skip
    head, whole = terms_of(title), terms_of("\n".join([title, text, *passages]))
    pieces = [(number * 100 + place, terms_of(passage)) for place, passage in enumerate(passages)]
    return IndexedEntry(
        id=number, version=version or number, key=f"things:{number // 2}", allow=allow, deny=deny, level=level, kind=kind,
        departments=(1, department), department=department, author=author, file_type=file_type, year=2020 + number % 5,
        dated_at=1_000_000 * number if dated_at is None else dated_at, ends_at=ends_at, title=head.pairs, names=spellings(names),
        readers=readers, readers_level=readers_level, place=place,
        pairs=whole.pairs, single=whole.single, loose=whole.loose,
        passages=[IndexedPassage(pk, part.pairs, part.single, part.loose) for pk, part in pieces],
    )  # fmt: skip


def fill(engine: Engine, entries: list[IndexedEntry]) -> None:
    with engine.rebuild() as index:
        index.write(entries)
        index.finish(max((one.version for one in entries), default=0))


def question(
    words: str = "", *, tokens: tuple[str, ...] = ("all",), level: int = 4, excluded: tuple[str, ...] = (), least: int | None = None, **given: object
) -> Question:
    filters = {name: given.pop(name) for name in list(given) if name in Filters.__slots__}
    wording = wording_of(words.split())
    return Question(
        clauses=tuple(wording.clauses), filters=Filters(tokens=tokens, level=level, now=1_000, **filters), liked=tuple(wording.liked),
        excluded=tuple(excluded_clauses(excluded)), least=least, limit=given.pop("limit", 100), **given,
    )  # fmt: skip


def ids(engine: Engine, asked: Question) -> list[int]:
    return [hit.entry_id for hit in engine.search(asked).hits]


@st.composite
def corpora(draw: st.DrawFn) -> list[IndexedEntry]:
    tokens = st.lists(st.sampled_from(TOKENS), min_size=1, max_size=3, unique=True)
    return [
        entry(
            number, draw(st.sampled_from(TEXTS)), draw(st.sampled_from(TEXTS)), allow=tuple(draw(tokens)), deny=tuple(draw(st.lists(st.sampled_from(TOKENS[1:]), max_size=1))),
            level=draw(st.integers(0, 4)), kind=draw(st.sampled_from(["notice", "file", "person"])), department=draw(st.integers(2, 4)), author=draw(st.integers(7, 9)),
            place=draw(st.sampled_from(["", "board:1"])),
            file_type=draw(st.sampled_from(["", "pdf", "sheet"])), names=draw(st.sampled_from([(), ("王伟",), ("Wang Wei",)])), ends_at=draw(st.sampled_from([2**61, 1_000, 1_001])),
            readers=tuple(draw(st.lists(st.sampled_from(TOKENS[1:]), max_size=1))), readers_level=draw(st.integers(0, 4)),
        )
        for number in range(1, draw(st.integers(1, 12)) + 1)
    ]  # fmt: skip


@st.composite
def questions(draw: st.DrawFn) -> Question:
    words = draw(st.lists(st.sampled_from(WORDS), max_size=3))
    wording = wording_of(words, draw(st.lists(st.sampled_from(WORDS), max_size=1)), is_typing=draw(st.booleans()), is_forgiving=draw(st.booleans()))
    return Question(
        clauses=tuple(wording.clauses), required=tuple(wording.required), liked=tuple(wording.liked), excluded=tuple(excluded_clauses(draw(st.lists(st.sampled_from(WORDS), max_size=1)))),
        least=draw(st.one_of(st.none(), st.integers(1, 4))), order=draw(st.sampled_from(Order)), limit=50, facets=FACETS,
        filters=Filters(
            tokens=tuple(draw(st.lists(st.sampled_from(TOKENS), max_size=3, unique=True))), level=draw(st.integers(-1, 4)), now=1_000,
            kinds=tuple(draw(st.lists(st.sampled_from(["notice", "file"]), max_size=1))), departments=tuple(draw(st.lists(st.integers(1, 3), max_size=1))),
            authors=tuple(draw(st.lists(st.integers(7, 8), max_size=1))), file_types=tuple(draw(st.lists(st.just("pdf"), max_size=1))),
            places=tuple(draw(st.lists(st.just("board:1"), max_size=1))),
            after=draw(st.one_of(st.none(), st.integers(0, 9_000_000))), before=draw(st.one_of(st.none(), st.integers(0, 9_000_000))),
            without=tuple(draw(st.lists(st.sampled_from(["things:1", "things:2"]), max_size=1))),
        ),
    )  # fmt: skip


def test_every_engine_finds_and_counts_what_the_naive_rule_does(engine: Engine) -> None:
    # A server takes a second for each new index.
    @settings(max_examples=60 if engine.name == "embedded" else 20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(corpus=corpora(), asked=st.lists(questions(), min_size=6, max_size=12))
    def holds(corpus: list[IndexedEntry], asked: list[Question]) -> None:
        fill(engine, corpus)
        for one in asked:
            answer = engine.search(one)
            expected = naive.finds(one, corpus)
            assert {hit.entry_id for hit in answer.hits} == expected
            assert answer.total == len(expected)
            assert {name: dict(values) for name, values in answer.facets.items()} == {name: naive.counts(one, corpus, name) for name in FACETS}

    holds()


def test_the_best_stands_first_and_among_equals_the_newest(engine: Engine) -> None:
    fill(
        engine,
        [
            entry(1, "食堂供餐", "质量"), entry(2, "质量检验办法", "质量检验的程序"), entry(3, "停电", "检验质量 " + "别的话 " * 60),
            entry(4, "安全", "同样的话", dated_at=5_000_000_000), entry(5, "安全", "同样的话", dated_at=9_000_000_000), entry(6, "安全", "同样的话", dated_at=7_000_000_000),
        ],
    )  # fmt: skip
    assert ids(engine, question("质量"))[0] == 2
    assert ids(engine, question("安全")) == [5, 6, 4]
    assert ids(engine, question("", order=Order.NEWEST, limit=3)) == [5, 6, 4]


def test_pages_follow_each_other_without_gap_or_double(engine: Engine) -> None:
    fill(engine, [entry(number, "质量通知", f"第 {number} 号", dated_at=number * 10_000_000) for number in range(1, 48)])
    for order in Order:
        pages = [ids(engine, question("质量", limit=10, offset=offset, order=order)) for offset in range(0, 60, 10)]
        assert sorted(pk for found in pages for pk in found) == list(range(1, 48))
        assert [len(found) for found in pages] == [10, 10, 10, 10, 7, 0]


def test_what_was_written_is_found_at_once_and_what_is_gone_is_not(engine: Engine) -> None:
    fill(engine, [entry(1, "质量"), entry(2, "安全")])
    engine.write([entry(3, "质量", version=11), entry(2, "质量", version=12), Gone(1, 13)], cursor=13)
    assert sorted(ids(engine, question("质量"))) == [2, 3]
    assert ids(engine, question("安全")) == []
    assert engine.state().cursor == 13
    assert dict(engine.versions()) == {2: 12, 3: 11}


def test_an_older_version_does_not_come_back(engine: Engine) -> None:
    fill(engine, [entry(1, "质量", version=20)])
    engine.write([entry(1, "安全", version=10)], cursor=20)
    assert ids(engine, question("质量")) == [1]
    assert ids(engine, question("安全")) == []


def test_writing_the_same_again_does_no_harm(engine: Engine) -> None:
    fill(engine, [])
    for _turn in range(2):
        engine.write([entry(1, "质量", version=5, passages=("质量", "安全")), entry(2, "质量", version=6)], cursor=6)
    assert engine.search(question("质量")).total == 2
    assert engine.state().entries == 2


def test_the_best_passage_of_a_long_text(engine: Engine) -> None:
    fill(
        engine,
        [entry(1, "手册", passages=("停电的安排", "仓库温湿度", "温湿度 仓库 检验")), entry(2, "质量"), entry(3, "办法", passages=("安全", "检验 仓库"))],
    )
    clauses = wording_of(["温湿度", "检验"]).clauses
    assert engine.best_passages([1, 2, 3], clauses) == {1: 102, 3: 301}
    assert engine.best_passages([1], wording_of(["没有的词"]).clauses) == {}
    engine.write([entry(1, "手册", version=9, passages=("温湿度 检验", "别的"))], cursor=9)
    assert engine.best_passages([1], clauses) == {1: 100}


def test_a_rebuild_replaces_the_index_in_one_step_or_not_at_all(engine: Engine) -> None:
    fill(engine, [entry(1, "质量")])
    with engine.rebuild() as index:
        index.write([entry(2, "质量")])
        assert ids(engine, question("质量")) == [1]
    assert ids(engine, question("质量")) == [1]
    with engine.rebuild() as index:
        index.write([entry(2, "质量")])
        index.write([entry(2, "安全", version=7), Gone(3, 8)])
        index.finish(8)
    assert ids(engine, question("安全")) == [2]
    assert engine.state().cursor == 8


def test_without_an_index_the_engine_says_so(engine: Engine) -> None:
    engine.destroy()
    for attempt in (engine.state, lambda: engine.search(question("质量")), lambda: engine.write([entry(1, "质量")], cursor=1), lambda: list(engine.versions())):
        with pytest.raises(IndexMissingError):
            attempt()
    fill(engine, [entry(1, "质量")])
    assert ids(engine, question("质量")) == [1]


def test_how_a_score_came_about(engine: Engine) -> None:
    fill(engine, [entry(1, "质量"), entry(2, "安全")])
    assert engine.explain(question("质量"), 1)
    assert engine.explain(question("质量"), 2) == {}
    assert engine.explain(question("质量"), 99) == {}


def test_a_question_of_every_character_that_means_something_to_somebody(engine: Engine) -> None:
    fill(engine, [entry(1, "a.*b")])
    hostile = ("a.*", "[", "\\", "(?:", "^$", "{1,99999}", "*" * 50, "AND OR NOT", "field:value", "🚬", "\u202e", "a" * 500)
    for words in hostile:
        engine.search(question(words))
    assert ids(engine, Question(clauses=(Clause((Term("pairs", "a"),)),), filters=Filters(tokens=("all",), level=0, now=0))) == [1]
