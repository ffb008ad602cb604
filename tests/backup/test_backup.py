"""Backups within one process: what they hold, share, refuse and leave behind."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import psycopg
import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command

from portal.attachments.models import StoredFile
from portal.attachments.services import receive_file
from portal.attachments.storage import content_storage, storage_name
from portal.audit.models import AuditRecord
from portal.backup import health, keeping, watching
from portal.backup.errors import BackupError, failure_of_database
from portal.backup.keeping import chosen, make_nightly
from portal.backup.making import make_backup, verify_backup
from portal.backup.restoring import restore_backup
from portal.backup.tasks import back_up_nightly, look_for_backup
from portal.notifications.models import Notification
from portal.outbox.services import drain
from portal.runtime.guards import lock_data_dir
from tests.cast import Cast, make_cast
from tests.health import said_by

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def contents(cast: Cast) -> list[str]:
    """Three contents that are in the storage."""
    names = []
    for number in range(3):
        content = f"content {number}".encode() * 500
        receive_file(actor=cast.head, name=f"{number}.txt", content=BytesIO(content))
        names.append(hashlib.sha256(content).hexdigest())
    return names


def file_in(folder: Path, sha256: str) -> Path:
    return folder / "files" / sha256[:2] / sha256[2:4] / sha256


def test_a_backup_holds_every_row_and_content_and_is_proved(contents, tmp_path):
    manifest = make_backup(tmp_path / "one")
    assert manifest.file_count == 3
    assert manifest.tables["attachments_storedfile"].rows == 3
    assert manifest.missing == []
    assert all(file_in(tmp_path / "one", sha256).exists() for sha256 in contents)
    assert verify_backup(tmp_path / "one")[1] == []
    assert AuditRecord.objects.filter(verb="backup.made").count() == 1
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o700


def test_a_file_that_cannot_be_read_is_left_out_by_name_and_the_others_are_kept(contents, tmp_path):
    first = sorted(contents)[0]
    place = Path(content_storage().path(storage_name(first)))
    place.unlink()
    place.mkdir()  # opening it fails with another error than that it is gone
    try:
        manifest = make_backup(tmp_path / "one")
    finally:
        place.rmdir()
    assert manifest.missing == [first]
    assert all(file_in(tmp_path / "one", sha256).exists() for sha256 in contents if sha256 != first)
    assert verify_backup(tmp_path / "one")[1] == []


def test_the_secret_key_is_not_in_a_backup(contents, tmp_path, settings):
    make_backup(tmp_path / "one")
    assert not any(settings.SECRET_KEY.encode() in path.read_bytes() for path in (tmp_path / "one").rglob("*") if path.is_file())


def test_every_part_that_was_tampered_with_is_named(contents, tmp_path):
    make_backup(tmp_path / "one")
    for part in ("database.dump", "files.tsv"):
        copy = tmp_path / part
        shutil.copytree(tmp_path / "one", copy)
        content = bytearray((copy / part).read_bytes())
        content[len(content) // 2] ^= 1
        (copy / part).write_bytes(content)
        assert verify_backup(copy)[1] == [part]
    file_in(tmp_path / "one", contents[0]).write_bytes(b"content 1" * 500)
    file_in(tmp_path / "one", contents[1]).unlink()
    wrong = verify_backup(tmp_path / "one")[1]
    assert {Path(name).name for name in wrong} == {contents[0], contents[1]}


def test_a_manifest_that_was_written_anew_is_noticed_with_the_key_and_not_without(contents, tmp_path, settings):
    make_backup(tmp_path / "one")
    path = tmp_path / "one" / "manifest.json"
    content = json.loads(path.read_text())
    content["file_count"] = 2
    path.write_text(json.dumps(content))
    assert verify_backup(tmp_path / "one")[1] == ["manifest.json"]
    settings.SECRET_KEY = "another"
    assert verify_backup(tmp_path / "one")[1] == []


def test_a_content_that_the_portal_has_lost_is_said_and_the_rest_is_kept(contents, tmp_path):
    lost = StoredFile.objects.get(sha256=contents[0])
    content_storage().delete(lost.storage_name)
    manifest = make_backup(tmp_path / "one")
    assert manifest.missing == [contents[0]]
    assert verify_backup(tmp_path / "one")[1] == []


@pytest.fixture
def running_portal() -> Iterator[None]:
    """The data directory is held, as by a portal that runs, so that no command starts servers for itself."""
    with lock_data_dir(settings.ENVIRONMENT.data_dir):
        yield


def test_the_command_ends_with_two_where_files_are_missing_and_one_where_nothing_was_made(contents, tmp_path, running_portal):
    content_storage().delete(StoredFile.objects.get(sha256=contents[0]).storage_name)
    with pytest.raises(CommandError, match="1 files") as whole_but_one:
        call_command("backup", str(tmp_path / "one"), stdout=StringIO())
    assert whole_but_one.value.returncode == 2
    with pytest.raises(CommandError, match="not empty") as refused:
        call_command("backup", str(tmp_path / "one"), stdout=StringIO())
    assert refused.value.returncode == 1


def test_contents_are_shared_between_nights(contents, tmp_path):
    make_backup(tmp_path / "one")
    make_backup(tmp_path / "two", previous=tmp_path / "one")
    assert all(os.path.samefile(file_in(tmp_path / "one", sha256), file_in(tmp_path / "two", sha256)) for sha256 in contents)
    shutil.rmtree(tmp_path / "one")
    assert verify_backup(tmp_path / "two")[1] == []


class Interrupting:
    """Ends the work at a stage, as a signal does."""

    def __init__(self, stage: str, error: BaseException) -> None:
        self.stage, self.error = stage, error

    def begin(self, stage: str, total: int | None) -> None:
        if stage == self.stage:
            raise self.error

    def advance(self, amount: int = 1) -> None:
        return None


@pytest.mark.parametrize("stage", ["counting rows", "database", "files", "checksums"])
def test_an_interruption_leaves_nothing_and_the_next_one_succeeds(contents, tmp_path, stage):
    with pytest.raises(KeyboardInterrupt):
        make_backup(tmp_path / "one", Interrupting(stage, KeyboardInterrupt()))
    assert list(tmp_path.iterdir()) == []
    make_backup(tmp_path / "one")


def test_a_full_disk_is_one_sentence_and_leaves_nothing(contents, tmp_path):
    with pytest.raises(BackupError, match="its disk is full"):
        make_backup(tmp_path / "one", Interrupting("files", OSError(28, "No space left on device")))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", ["64k", "1m"])  # the first fills while the database is written, the second while the files are
def test_a_disk_that_fills_meanwhile_is_said_and_left_clean(cast, tmp_path, size):
    for number in range(4):
        receive_file(actor=cast.head, name=f"{number}.txt", content=BytesIO(os.urandom(300_000).hex().encode()))
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk], capture_output=True).returncode != 0:
        pytest.skip("this machine does not let us mount a small file system")
    try:
        with pytest.raises(BackupError, match=r"disk is full.*Nothing was kept"):
            make_backup(disk / "one")
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


def test_what_was_killed_half_way_is_no_backup(contents, tmp_path):
    make_backup(tmp_path / "one")
    (tmp_path / "one" / "manifest.json").unlink()
    with pytest.raises(BackupError, match="no whole backup"):
        verify_backup(tmp_path / "one")


def test_a_database_that_is_not_empty_is_not_restored_into(contents, tmp_path):
    make_backup(tmp_path / "one")
    with pytest.raises(BackupError, match="not empty"):
        restore_backup(tmp_path / "one")
    assert StoredFile.objects.count() == 3


def test_the_newest_of_days_weeks_and_months_stay():
    now = datetime(2026, 11, 23, 2, 15)
    nights = [now - timedelta(days=age) for age in range(400)] + [now - timedelta(hours=1)]
    stay = chosen(nights, 7, 4, 12)
    assert sorted(stay)[-7:] == [now - timedelta(days=age) for age in range(6, -1, -1)]
    assert now - timedelta(hours=1) not in stay
    assert len(stay) == 7 + 2 + 11
    assert min(stay).strftime("%Y-%m") == "2025-12"
    assert chosen(nights[50:51], 7, 4, 12) == {nights[50]}
    assert chosen([], 7, 4, 12) == set()


def test_a_night_makes_one_thins_out_and_tells_how_old_it_is(contents, tmp_path, settings):
    environment = settings.ENVIRONMENT.model_copy(update={"backup_dir": str(tmp_path), "backup_keep": "1,0,0"})
    settings.ENVIRONMENT = environment
    assert health._last_backup().state == "failing"
    make_backup(tmp_path / "2020-01-01T021500")
    (tmp_path / "mine").mkdir()
    assert make_nightly() is not None
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2
    assert names[1] == "mine"
    finding = said_by(health._last_backup)
    assert finding.state == "ok"
    assert "0 hours ago" in finding.detail
    settings.ENVIRONMENT = environment.model_copy(update={"backup_dir": ""})
    assert make_nightly() is None
    assert keeping.backup_root() is None
    assert health._last_backup().state == "not configured"


def told(kind: str) -> set[str]:
    """The numbers of those who have this in their bells."""
    drain()
    return set(Notification.objects.filter(kind=f"backup.{kind}").values_list("recipient__employee_number", flat=True))


def test_administrators_and_nobody_else_are_told_of_a_night_without_a_backup(cast, client_for, contents, tmp_path, settings):
    (tmp_path / "not a folder").write_text("")
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"backup_dir": str(tmp_path / "not a folder")})
    back_up_nightly()
    assert told("failed") == {cast.admin.employee_number}
    assert "not a folder" in client_for(cast.admin).get("/notifications/").content.decode()


def test_a_backup_without_some_of_the_files_is_told_too(cast, contents, tmp_path, settings):
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"backup_dir": str(tmp_path)})
    content_storage().delete(storage_name(contents[0]))
    back_up_nightly()
    assert told("failed") == {cast.admin.employee_number}
    assert contents[0] in Notification.objects.get(kind="backup.failed").words["reason"]


def test_in_the_morning_a_backup_that_is_missing_or_old_is_told_and_a_good_one_is_not(cast, contents, tmp_path, settings):
    look_for_backup()
    assert told("missing") == set(), "none is made by itself here"
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"backup_dir": str(tmp_path)})
    back_up_nightly()
    look_for_backup()
    assert told("failed") | told("missing") == set()
    with time_machine.travel(datetime.now(UTC) + watching.TOO_OLD):
        look_for_backup()
        assert told("missing") == {cast.admin.employee_number}


def test_a_database_that_fails_without_a_word_is_named_by_its_failure() -> None:
    assert failure_of_database(psycopg.OperationalError("first line\nserver closed the connection")) == "The database failed: server closed the connection."
    assert failure_of_database(psycopg.OperationalError()) == "The database failed: OperationalError."
