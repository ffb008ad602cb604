"""What happens to an index on one machine, within one process: tests/search/test_drills.py does it to a whole portal."""

import json
from pathlib import Path

import pytest

from portal.foundation.locks import is_held
from portal.search import following, locks
from portal.search.checking import check_index
from portal.search.effects import follow_if_possible
from portal.search.engines import engine
from portal.search.engines.base import IndexMissingError
from portal.search.engines.embedded import EmbeddedEngine
from portal.search.feeding import feed_waiting
from portal.search.following import RebuildingError, clear_leftovers, follow, portion, rebuild, start_anew
from portal.search.health import _search
from portal.search.models import Entry, Feed, Waiting
from portal.search.tasks import follow_feed
from tests.health import said_by
from tests.search.indexing import another_session, paper, settle, titles

pytestmark = pytest.mark.usefixtures("index")


@pytest.fixture
def directory(settings) -> Path:
    return Path(settings.DATA_DIR) / "search"


@pytest.fixture
def written(cast) -> None:
    for number in range(5):
        paper(f"第{number}号通报：每班检查两次")
    settle()


def generation(directory: Path) -> Path:
    return directory / (directory / "current").read_text()


def committed(directory: Path, suffix: str) -> Path:
    return sorted((generation(directory) / "entries").glob(f"*{suffix}"))[0]


def overwrite(directory: Path) -> None:
    with committed(directory, ".term").open("r+b") as file:
        file.seek(2)
        file.write(b"\xa5")


def cut_off(directory: Path) -> None:
    path = committed(directory, ".store")
    content = path.read_bytes()
    path.unlink()  # an open one is not touched
    path.write_bytes(content[:-3])


def remove(directory: Path) -> None:
    committed(directory, ".fast").unlink()


def break_meta(directory: Path) -> None:
    (generation(directory) / "passages" / "meta.json").write_text('{"segments": 5}')


def lead_nowhere(directory: Path) -> None:
    (directory / "current").write_text("nowhere")


def lead_to_other_bytes(directory: Path) -> None:
    (directory / "current").write_bytes(b"\xff\xfe\x00")


@pytest.mark.parametrize("harm", [overwrite, cut_off, remove, break_meta, lead_nowhere, lead_to_other_bytes], ids=lambda harm: harm.__name__)
def test_a_damaged_index_is_noticed_and_made_anew(cast, written, directory, harm):
    follow()
    before = generation(directory)
    harm(directory)
    with pytest.raises(IndexMissingError):
        engine().verify()
    follow()
    engine().verify()
    assert generation(directory) != before
    assert len(titles(cast.inspector, "通报")) == 5
    assert [path for path in directory.iterdir() if path.is_dir()] == [generation(directory)]


def test_one_that_is_whole_is_left_alone(written, directory):
    before = generation(directory)
    follow()
    follow()
    assert generation(directory) == before


def test_what_a_killed_writer_has_left_is_no_damage(written, directory):
    (generation(directory) / "entries" / "0123456789abcdef0123456789abcdef.idx").write_bytes(b"half")
    engine().verify()


def test_a_reader_of_the_old_index_reads_the_new_one_next_time(cast, written, directory):
    reader = EmbeddedEngine(directory, str(Feed.objects.get().pk))
    before = dict(reader.versions())
    rebuild()
    paper("第五号通报")
    settle()
    assert len(dict(reader.versions())) == len(before) + 1
    assert reader.state() == engine().state()


def test_an_index_is_stopped_half_way_and_the_old_one_stays(cast, written, directory):
    before = generation(directory)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(stop)
    assert generation(directory) == before
    assert len(titles(cast.inspector, "通报")) == 5
    assert not is_held(locks.REBUILD)
    assert "anew" not in said_by(_search).detail
    clear_leftovers()
    assert [path for path in directory.iterdir() if path.is_dir()] == [before]


def test_two_at_once_are_refused_and_what_lies_about_is_left_to_who_is_at_it(written, directory):
    beside = directory / "ofanother"
    beside.mkdir()
    with another_session() as session:
        session.execute("SELECT pg_advisory_lock(%s)", [locks.REBUILD])
        with pytest.raises(RebuildingError):
            rebuild()
        follow_feed()
        assert beside.is_dir()
        assert said_by(_search).state == "ok"
        assert "the index is being made anew" in said_by(_search).detail
    follow_feed()
    assert not beside.exists()


def test_without_an_index_operators_are_told_and_how_far_a_new_one_is(written, directory):
    engine().destroy()
    assert (said_by(_search).state, said_by(_search).detail) == ("failing", "there is no index yet")
    with another_session() as session:
        session.execute("SELECT pg_advisory_lock(%s)", [locks.REBUILD])
        assert (said_by(_search).state, said_by(_search).detail) == ("failing", "the index is being made anew")
    said = []
    rebuild(lambda done, total: said.append((done, total, said_by(_search).detail)))
    assert said[-1][2].startswith("the index is being made anew")
    assert said_by(_search).state == "ok"
    assert f"{Entry.objects.filter(is_gone=False).count()} entries" in said_by(_search).detail


def test_operators_are_told_what_has_to_follow_for_long(written):
    paper("还没跟上")
    assert (said_by(_search).state, "to follow" in said_by(_search).detail) == ("ok", True)
    Waiting.objects.update(since="2026-01-01T00:00Z")
    assert said_by(_search).state == "failing"
    assert "1 to follow, the oldest for" in said_by(_search).detail
    settle()
    assert (said_by(_search).state, "to follow" in said_by(_search).detail) == ("ok", False)


def test_an_index_that_cannot_be_written_is_said_so_and_catches_up(cast, written, directory):
    place = generation(directory) / "entries"
    lock = place / ".tantivy-writer.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    paper("写不进去")
    while feed_waiting():
        pass
    follow_if_possible()
    finding = said_by(_search)
    assert (finding.state, "1 to follow" in finding.detail) == ("failing", True), finding
    assert titles(cast.inspector, "写不进去") == []
    lock.rmdir()
    follow_if_possible()
    assert titles(cast.inspector, "写不进去") == ["写不进去"]
    assert said_by(_search).state == "ok"


def test_after_a_restore_the_index_has_another_name_and_equals_the_feed(cast, written, directory):
    before = Feed.objects.get().pk
    Entry.objects.filter(title="第0号通报").update(title="别的内容")  # same versions, other content: as after a restore
    assert start_anew() == Entry.objects.filter(is_gone=False).count()
    assert Feed.objects.get().pk != before
    assert json.loads((generation(directory) / "about.json").read_text())["feed"] == str(Feed.objects.get().pk)
    assert titles(cast.inspector, "别的内容") == ["别的内容"]
    assert check_index().mended == 0


def test_great_texts_go_few_at_a_time(written, monkeypatch):
    monkeypatch.setattr(following, "MOST_PASSAGES", 2)
    counts = []
    last = 0
    while entries := portion(Entry.objects.filter(pk__gt=last).order_by("pk")):
        last = entries[-1].pk
        counts.append(sum(entry.passage_count for entry in entries))
    assert sum(counts) == sum(Entry.objects.values_list("passage_count", flat=True))
    assert max(counts) == 2
    monkeypatch.setattr(following, "MOST_PASSAGES", 1)
    engine().destroy()
    follow()
    assert engine().state().entries == Entry.objects.filter(is_gone=False).exclude(include=[]).count()
