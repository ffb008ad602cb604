"""What only the engine for several machines has: a network between, a cluster that is away or too busy, indexes that others may touch."""

import base64
import logging
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

import pytest

from bulletin.demo.texts import TEXTS
from portal.foundation.rich_text import to_text
from portal.search.analysis.asking import wording_of
from portal.search.engines import engine
from portal.search.engines.base import ChangeRefusedError, Engine, EngineAwayError, IndexMissingError
from portal.search.engines.elasticsearch import ElasticsearchEngine
from portal.search.engines.elasticsearch.connection import Addresses
from portal.search.engines.embedded import EmbeddedEngine
from portal.search.health import _search
from portal.search.question import Filters, Gone, IndexedEntry, Question
from portal.search.tasks import follow_feed
from tests.health import said_by
from tests.runtime.portal_process import free_ports
from tests.search.engines import on_server
from tests.search.indexing import paper, titles
from tests.search.test_engines import entry, fill, ids, question
from tests.services.elasticsearch import OLDEST, address_of, lacking

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(bool(lacking(OLDEST)), reason=lacking(OLDEST)),
]

Forward = Callable[[str, str, bytes], tuple[int, bytes]]


@pytest.fixture
def made() -> Iterator[ElasticsearchEngine]:
    made = on_server()
    yield made
    made.destroy()


def dead() -> str:
    return f"http://127.0.0.1:{free_ports()}"


@contextmanager
def between(answer: Callable[[str, str, bytes, Forward], tuple[int, bytes]], target: str | None = None) -> Iterator[str]:
    """A server between portal and cluster: it may pass on what is asked, or say something else. Gives its address."""
    target = target or address_of(OLDEST)

    def forward(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        content = "application/vnd.elasticsearch+x-ndjson" if "_bulk" in path else "application/vnd.elasticsearch+json"
        headers = {"Content-Type": f"{content}; compatible-with=8", "Accept": "application/vnd.elasticsearch+json; compatible-with=8"}
        asked = urllib.request.Request(target + path, data=body or None, method=method, headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=60) as answered:
                return answered.status, answered.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content = answer(self.command, self.path, body, forward)
            if not status:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else content)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def attempts(index: Engine) -> list[Callable[[], object]]:
    asked = question("质量")
    return [
        index.state, lambda: index.search(asked), lambda: index.best_passages([1], asked.clauses), lambda: list(index.versions()),
        lambda: index.explain(asked, 1), lambda: index.write([entry(1, "质量")], cursor=1), index.rebuild().__enter__, index.destroy,
    ]  # fmt: skip


# The same as the engine of one machine.


def test_both_engines_give_the_same_order_and_the_same_scores(made: ElasticsearchEngine, tmp_path: Path) -> None:
    random = Random(7)
    corpus = _corpus(random)
    embedded = EmbeddedEngine(tmp_path / "search", "tests")
    for index in (made, embedded):
        fill(index, corpus)
    compared = 0
    for asked in _questions(random):
        ours, theirs = made.search(asked).hits, embedded.search(asked).hits
        assert [hit.entry_id for hit in ours] == [hit.entry_id for hit in theirs]
        assert all(abs(our.score - their.score) < 1e-4 for our, their in zip(ours, theirs, strict=True))
        compared += len(ours)
    assert compared > 300


def _corpus(random: Random) -> list[IndexedEntry]:
    corpus = []
    for number in range(1, 121):
        text = random.choice(TEXTS)
        body = to_text("".join(random.choices(text.body, k=random.randint(1, 4)))) + random.choice(("", " GB/T 5606", " 8mg", " meeting notes"))
        corpus.append(entry(number, text.title, body, dated_at=random.randint(1_700_000_000, 1_790_000_000), names=random.choice(((), ("王伟",)))))
    return corpus


def _questions(random: Random) -> Iterator[Question]:
    words = ("质量", "检验", "设备 保养", "体检", "王伟", "8mg", "GB/T 5606", "meeting", "报名 结果", "温湿度", "停电", "班", "抽检安排", "meetin")
    for asked in words:
        for least in (None, 1):
            wording = wording_of([*asked.split(), *random.sample(["通知", "车间"], random.randint(0, 1))], is_forgiving=least is not None)
            filters = Filters(tokens=("all",), level=1, now=1_000)
            liked = (*wording.liked, *wording.named)
            yield Question(clauses=tuple(wording.clauses), liked=liked, filters=filters, least=least, limit=200)


# Away, and back.


def test_a_cluster_that_is_away_is_said_to_be_away_at_once() -> None:
    index = ElasticsearchEngine(Addresses([dead()]), "tests", prefix="tests")
    for attempt in attempts(index):
        begun = time.monotonic()
        with pytest.raises(EngineAwayError) as away:
            attempt()
        assert not isinstance(away.value, IndexMissingError)
        assert time.monotonic() - begun < 30


def test_a_cluster_that_takes_the_question_and_does_not_answer_is_away_after_two_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        index = ElasticsearchEngine(Addresses([f"http://127.0.0.1:{silent.getsockname()[1]}"]), "tests", prefix="tests")
        begun = time.monotonic()
        with pytest.raises(EngineAwayError):
            index.search(question("质量"))
        assert 1.5 < time.monotonic() - begun < 30


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, b'{"error": {"type": "master_not_discovered_exception", "reason": "no master"}, "status": 503}'),
        (503, b"<html>no healthy upstream</html>"),
        (401, b'{"error": {"type": "security_exception", "reason": "missing authentication"}, "status": 401}'),
        (429, b'{"error": {"type": "es_rejected_execution_exception", "reason": "full"}, "status": 429}'),
        (404, b"<html>no such page</html>"),
        (200, b"not json"),
    ],
)
def test_whatever_the_cluster_complains_of_search_is_away_without_a_traceback(status: int, body: bytes) -> None:
    with between(lambda *_: (status, body)) as address:
        index = ElasticsearchEngine(Addresses([address]), "tests", prefix="tests")
        for attempt in (index.state, lambda: index.search(question("质量")), lambda: index.explain(question("质量"), 1)):
            with pytest.raises(EngineAwayError) as away:
                attempt()
            assert not isinstance(away.value, IndexMissingError)


def test_of_several_addresses_another_answers_for_one_that_is_away(made: ElasticsearchEngine) -> None:
    fill(made, [entry(1, "质量")])
    both = ElasticsearchEngine(Addresses([dead(), address_of(OLDEST)]), "several", prefix="tests")
    fill(both, [entry(1, "质量")])
    for _turn in range(4):
        assert ids(both, question("质量")) == [1]
    both.destroy()


@pytest.mark.usefixtures("index")
def test_with_the_cluster_away_writing_goes_on_and_when_it_is_back_all_is_found(cast, client_for, settings) -> None:
    settings.ELASTICSEARCH_URLS = [dead()]
    engine.cache_clear()
    try:
        paper("质量检验办法")
        follow_feed()
        answer = client_for(cast.inspector).get("/search/", {"q": "质量"})
        assert answer.status_code == 503
        assert "/organization/people/" in answer.content.decode()
        assert client_for(cast.inspector).get("/search/typing/", {"q": "质量"}).status_code == 200
        assert said_by(_search).state == "failing"

        settings.ELASTICSEARCH_URLS = [address_of(OLDEST)]
        engine.cache_clear()
        paper("仓库质量记录")
        follow_feed()
        assert sorted(titles(cast.inspector, "质量")) == ["仓库质量记录", "质量检验办法"]
        assert said_by(_search).state == "ok", said_by(_search).detail
        assert said_by(_search).detail.startswith("elasticsearch, ")
        engine().destroy()
    finally:
        settings.ELASTICSEARCH_URLS = []
        engine.cache_clear()


# Writing under pressure.


def test_what_the_cluster_is_too_busy_for_is_sent_again_after_growing_pauses(made: ElasticsearchEngine) -> None:
    fill(made, [])
    asked: list[float] = []

    def busy_twice(method: str, path: str, body: bytes, forward: Forward) -> tuple[int, bytes]:
        if "_bulk" in path:
            asked.append(time.monotonic())
            if len(asked) <= 2:
                return 429, b'{"error": {"type": "es_rejected_execution_exception", "reason": "queue is full"}, "status": 429}'
        return forward(method, path, body)

    with between(busy_twice) as address:
        through = _through(address, made)
        through.write([entry(1, "质量", version=4)], cursor=4)
    assert len(asked) == 3
    assert asked[2] - asked[1] > asked[1] - asked[0] > 0.15
    assert ids(made, question("质量")) == [1]
    assert made.state().cursor == 4


def test_a_writing_that_was_cut_off_in_the_middle_is_not_said_to_be_there_and_does_no_harm(made: ElasticsearchEngine) -> None:
    fill(made, [entry(1, "安全", version=1, passages=("安全 旧", "停电 旧"))])
    is_cut = [True]

    def cut_once(method: str, path: str, body: bytes, forward: Forward) -> tuple[int, bytes]:
        if "_bulk" in path and is_cut and b'"index"' in body:
            is_cut.clear()
            lines = body.splitlines(keepends=True)
            forward(method, path, b"".join(lines[: len(lines) // 4 * 2]))
            return 0, b""
        return forward(method, path, body)

    changes = [entry(1, "质量", version=5, passages=("质量 新", "检验 新")), entry(2, "质量", version=6), entry(3, "质量", version=7)]
    with between(cut_once) as address:
        through = _through(address, made)
        with pytest.raises(EngineAwayError):
            through.write(changes, cursor=7)
        assert made.state().cursor == 1
        through.write(changes, cursor=7)
    assert made.state().cursor == 7
    assert sorted(ids(made, question("质量"))) == [1, 2, 3]
    assert dict(made.versions()) == {1: 5, 2: 6, 3: 7}
    assert made.best_passages([1], wording_of(["停电"]).clauses) == {}


def test_passages_of_a_writing_that_never_came_to_its_end_go_with_the_next(made: ElasticsearchEngine) -> None:
    fill(made, [])

    def passages_only(method: str, path: str, body: bytes, forward: Forward) -> tuple[int, bytes]:
        if "_bulk" in path:
            lines = body.splitlines(keepends=True)
            forward(method, path, b"".join(lines[:-2]))
            return 0, b""
        return forward(method, path, body)

    with between(passages_only) as address, pytest.raises(EngineAwayError):
        _through(address, made).write([entry(1, "手册", version=2, passages=("停电", "安全"))], cursor=2)
    replaced = entry(1, "手册", version=3, passages=("质量", "检验"))
    for passage in replaced.passages:
        passage.id += 50
    made.write([replaced], cursor=3)
    assert made.best_passages([1], wording_of(["停电"]).clauses) == {}
    assert made.best_passages([1], wording_of(["检验"]).clauses) == {1: 151}


def test_an_entry_that_the_cluster_does_not_take_is_refused_by_its_number_and_the_cursor_stays(made: ElasticsearchEngine) -> None:
    fill(made, [entry(1, "质量")])
    wrong = entry(2, "质量", version=9)
    wrong.dated_at = 2**70
    with pytest.raises(ChangeRefusedError, match="entry 2"):
        made.write([wrong, Gone(1, 10)], cursor=10)
    assert made.state().cursor == 1


def _through(address: str, made: ElasticsearchEngine) -> ElasticsearchEngine:
    return ElasticsearchEngine(Addresses([address]), made.feed, prefix="tests")


# Indexes.


def test_while_the_index_is_replaced_every_question_is_answered_whole(made: ElasticsearchEngine) -> None:
    fill(made, [entry(number, "质量") for number in range(1, 21)])
    is_over = threading.Event()
    answers: list[int | Exception] = []

    def ask() -> None:
        while not is_over.is_set():
            try:
                answers.append(made.search(question("质量")).total)
            except Exception as error:  # whatever it is, it is one too many
                answers.append(error)

    asking = [threading.Thread(target=ask) for _number in range(3)]
    for thread in asking:
        thread.start()
    for _turn in range(3):
        fill(made, [entry(number, "质量") for number in range(1, 21)])
    is_over.set()
    for thread in asking:
        thread.join()
    assert set(answers) == {20}
    assert len(made.indexes()) == 2


def test_an_index_of_another_feed_does_not_count_and_is_left_alone(made: ElasticsearchEngine) -> None:
    other = on_server()
    fill(other, [entry(1, "质量")])
    with pytest.raises(IndexMissingError):
        made.state()
    fill(made, [entry(2, "质量")])
    made.destroy()
    assert ids(other, question("质量")) == [1]
    other.destroy()
    assert other.indexes() == []


def test_an_index_that_was_deleted_by_hand_is_missing_and_not_made_by_writing(made: ElasticsearchEngine) -> None:
    fill(made, [entry(1, "质量")])
    for name in made.indexes():
        urllib.request.urlopen(urllib.request.Request(f"{address_of(OLDEST)}/{name}", method="DELETE"))
    for attempt in attempts(made)[:6]:
        with pytest.raises(IndexMissingError):
            attempt()
    assert made.indexes() == []


def test_what_a_killed_rebuild_left_is_removed_by_the_next(made: ElasticsearchEngine) -> None:
    left = made.rebuild()
    begun = left.__enter__()
    begun.write([entry(1, "质量")])
    begun.close()
    assert len(made.indexes()) == 2
    fill(made, [entry(2, "质量")])
    assert len(made.indexes()) == 2
    assert ids(made, question("质量")) == [2]


def test_a_restarted_portal_finds_the_index_and_goes_on(made: ElasticsearchEngine) -> None:
    fill(made, [entry(1, "质量", version=3)])
    again = on_server(feed=made.feed)
    again.write([entry(2, "质量", version=4)], cursor=4)
    assert sorted(ids(made, question("质量"))) == [1, 2]
    assert made.state().cursor == 4


# Secrets.


def test_the_password_of_the_cluster_is_in_no_message_and_no_log(made: ElasticsearchEngine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said = []
    for address in (dead(), address_of(OLDEST)):
        index = ElasticsearchEngine(Addresses([address.replace("//", "//portal:geheim%40wort@")]), made.feed, prefix="tests")
        for attempt in attempts(index)[:6]:
            with pytest.raises(EngineAwayError) as away:
                attempt()
            said += [str(away.value), repr(away.value), repr(away.value.__cause__), repr(index)]
    said += [record.getMessage() + str(record.exc_info) for record in caplog.records]
    assert caplog.records
    for secret in ("geheim", base64.b64encode(b"portal:geheim@wort").decode()):
        assert not [line for line in said if secret in line]
