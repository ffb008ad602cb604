"""D9: a backup taken while people work, restored elsewhere: counts and hashes equal, every file there, the record verifies."""

import hashlib
import json
import re
import shutil
import smtplib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request

import psycopg
import pytest

from portal.runtime.addresses import sockets_dir
from tests.mail.outside import DOMAIN, greets
from tests.runtime.portal_process import PATIENCE, ROOT, Browser, PortalProcess, free_ports, portal_process, wait_until
from tests.search.whole_index import equals_feed

pytestmark = pytest.mark.drill
NUMBER, PASSWORD = "10001", "gongfang-2026"
UPLOADS = "/files/uploads/"
FEED = "SELECT id FROM search_feed"
# Of the mail that was kept as it came: each is read, with its message and its place, or waits to be.
MAIL = """
    SELECT count(*), count(*) FILTER (WHERE raw.state = 'waiting' OR EXISTS (
        SELECT FROM mail_foreign found JOIN mail_placement placed ON placed.message_id = found.message_id WHERE found.raw_id = raw.id))
    FROM mail_rawmail raw
"""


def manage(portal: PortalProcess, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=portal.environment | environment, capture_output=True, text=True, timeout=300
    )


def query(data_dir: Path, statement: str) -> list[tuple]:
    with psycopg.connect(host=str(sockets_dir(data_dir)), user="gongfang_owner", dbname="gongfang") as session:
        return session.execute(statement).fetchall()


def upload(browser: Browser, name: str, content: bytes) -> tuple[int, str]:
    token = next(cookie.value for cookie in browser.cookies if cookie.name == "gongfang_csrf") or ""
    border = "----gongfang"
    body = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content + f"\r\n--{border}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={border}", "X-CSRFToken": token, "Referer": browser.address}
    return browser._open(Request(browser.address + UPLOADS.lstrip("/"), data=body, headers=headers))


class Writers:
    """People who upload files and write to the record, and a server that brings mail, until they are stopped; each notes what was acknowledged."""

    def __init__(self, portal: PortalProcess, count: int, mail_port: int) -> None:
        self.portal, self.mail_port = portal, mail_port
        self.stopping = threading.Event()
        self.noted: list[str] = []
        self.brought: list[int] = []
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(count)]
        self.threads.append(threading.Thread(target=self.bring_mail))

    def __enter__(self) -> "Writers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)

    def work(self, number: int) -> None:
        browser = self.portal.browser()
        browser.sign_in(NUMBER, PASSWORD)
        turn = 0
        while not self.stopping.is_set():
            turn += 1
            content = f"第 {number}-{turn} 次抽检\n".encode() * 2_000
            status, _ = upload(browser, f"{number}-{turn}.txt", content)
            if status == 201:
                self.noted.append(hashlib.sha256(content).hexdigest())

    def bring_mail(self) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            with smtplib.SMTP("127.0.0.1", self.mail_port, timeout=30) as client:
                client.sendmail("a@supplier.example", [f"10003@{DOMAIN}"], f"Subject: backup {number}\r\nMessage-ID: <{number}@x>\r\n\r\nx".encode())
            self.brought.append(number)


@pytest.fixture
def target() -> Iterator[Path]:
    """Where the portal's account can write, and nobody else looks."""
    folder = Path(tempfile.mkdtemp(prefix="gongfang-backup-", dir="/tmp"))
    yield folder / "first"
    shutil.rmtree(folder)


def test_a_backup_under_load_is_restored_elsewhere_with_every_row_and_file(target: Path) -> None:
    taken = free_ports()
    with portal_process(PORTAL_MAIL_LISTEN=f"127.0.0.1:{taken}", PORTAL_MAIL_DOMAIN=DOMAIN) as plant, portal_process() as elsewhere:
        plant.start()
        wait_until(lambda: greets(taken), PATIENCE)
        with Writers(plant, 3, taken) as writers:
            while len(writers.noted) < 20 or len(writers.brought) < 20:
                writers.stopping.wait(0.05)
            before, brought = list(writers.noted), list(writers.brought)
            made = manage(plant, "backup", str(target))
            after = len(writers.noted)
        assert made.returncode == 0, made.stderr + made.stdout
        assert after > len(before), "nobody wrote while the backup was made"
        manifest = json.loads((target / "manifest.json").read_text())
        listed = {line.split("\t")[0] for line in (target / "files.tsv").read_text().splitlines()}
        assert set(before) <= listed
        assert manifest["file_count"] == len(listed) < len(writers.noted) + 1
        proved = manage(elsewhere, "backup", "--verify", str(target))
        assert proved.returncode == 0, proved.stderr

        (elsewhere.data_dir / "secret.key").write_text((plant.data_dir / "secret.key").read_text())
        restored = manage(elsewhere, "restore", str(target))
        assert restored.returncode == 0, restored.stderr + restored.stdout
        assert re.search(r"\d+ records verify, [1-9]\d* checkpoints agree", restored.stdout)
        assert "the search index is made anew" in restored.stdout
        assert [path.name for path in target.iterdir() if "search" in path.name] == [], "no backup holds the index"
        stored = {path.name: path for path in (elsewhere.data_dir / "files").rglob("*") if path.is_file()}
        assert set(stored) == listed
        assert all(hashlib.sha256(path.read_bytes()).hexdigest() == name for name, path in stored.items())

        elsewhere.start()
        rows = query(elsewhere.data_dir, "SELECT count(*) FROM attachments_storedfile")[0][0]
        assert rows == manifest["tables"]["attachments_storedfile"]["rows"]
        raw, read = query(elsewhere.data_dir, MAIL)[0]
        assert len(brought) <= raw < len(writers.brought) + 1
        assert raw == read, "a mail that was kept is neither read nor waits for it"
        browser = elsewhere.browser()
        browser.sign_in(NUMBER, PASSWORD)
        assert manage(elsewhere, "audit", "verify").returncode == 0
        assert query(elsewhere.data_dir, FEED) != query(plant.data_dir, FEED), "an index of the plant before the restore would be taken for its own"
        wait_until(lambda: equals_feed(elsewhere), PATIENCE)
        assert "王伟" in browser.get(f"/search/?q={quote('王伟')}&kind=person")[1]

        again = manage(elsewhere, "restore", str(target))
        assert again.returncode == 1
        assert "not empty" in again.stderr

        victim = next(path for path in (target / "files").rglob("*") if path.is_file())
        victim.write_bytes(victim.read_bytes()[:-1] + b"x")
        broken = manage(elsewhere, "backup", "--verify", str(target))
        assert broken.returncode == 1
        assert victim.name in broken.stderr
