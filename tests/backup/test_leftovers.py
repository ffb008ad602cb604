"""What stands in the way of a backup, and what an interrupted one leaves behind."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal.backup import database
from portal.backup.errors import BackupError
from portal.backup.keeping import make_nightly
from portal.backup.making import make_backup
from portal.backup.management.bars import Bars
from portal.runtime.guards import lock_data_dir

# Of this worker's database alone: other workers make backups on the same server.
OTHERS_HERE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'gongfang-backup' AND datname = current_database() AND pid <> pg_backend_pid()
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def nights(settings: Any, tmp_path: Path) -> Path:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"backup_dir": str(tmp_path)})
    return tmp_path


def unfinished(folder: Path) -> Path:
    folder.mkdir()
    (folder / "database.dump").write_bytes(b"half")
    return folder


def test_a_second_backup_to_the_same_place_is_refused_and_takes_nothing_from_the_first(tmp_path: Path) -> None:
    under_way = unfinished(tmp_path / "one.partial")
    with database.connect() as first:
        database.hold_alone(first)
        with pytest.raises(BackupError, match="Another backup is being made"):
            make_backup(tmp_path / "one")
        assert (under_way / "database.dump").read_bytes() == b"half"
    make_backup(tmp_path / "one")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_what_a_night_left_behind_that_was_killed_is_cleared_away_the_next_night(nights: Path) -> None:
    unfinished(nights / "2026-11-20T021500.partial")
    unfinished(nights / "2026-11-19T021500.going")
    theirs = {unfinished(nights / name).name for name in ("by hand.partial", "2026-11-20")}
    make_nightly()
    names = {path.name for path in nights.iterdir()}
    assert theirs < names
    assert len(names) == 3
    assert not [name for name in names - theirs if "." in name]


def test_a_night_that_finds_another_backup_under_way_clears_nothing_away(nights: Path) -> None:
    under_way = unfinished(nights / "2026-11-20T021500.partial")
    with database.connect() as first:
        database.hold_alone(first)
        with pytest.raises(BackupError, match="Another backup is being made"):
            make_nightly()
    assert under_way.exists()


def test_a_folder_of_backups_that_cannot_be_used_is_one_sentence(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "paper").write_text("")
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"backup_dir": str(tmp_path / "paper" / "nights")})
    with lock_data_dir(settings.ENVIRONMENT.data_dir), pytest.raises(CommandError, match=r"The folder of the backups, .*paper/nights, cannot be used"):
        call_command("backup", nightly=True)


class Cutting:
    """Ends the session of the backup at a stage, as a server does that is stopped."""

    def __init__(self, stage: str) -> None:
        self.stage = stage

    def begin(self, stage: str, total: int | None) -> None:
        if stage == self.stage:
            with database.connect() as another:
                another.execute(OTHERS_HERE)

    def advance(self, amount: int = 1) -> None:
        return None


@pytest.mark.parametrize("stage", ["counting rows", "files"])
def test_a_database_that_goes_away_meanwhile_is_one_sentence_and_leaves_nothing(tmp_path: Path, stage: str) -> None:
    with pytest.raises(BackupError, match=r"The database failed: .*Nothing was kept"):
        make_backup(tmp_path / "one", Cutting(stage))
    assert list(tmp_path.iterdir()) == []


def test_contents_are_counted_in_megabytes_and_tables_by_their_number(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars() as bars:
        bars.begin("counting rows", 128)
        bars.advance(128)
        bars.begin("files", 2_147_483_648)
        bars.advance(1_073_741_824)
    said = capsys.readouterr().out
    assert "128/128" in said
    assert "2,147/2,147 MB" in said
