"""The bare Elasticsearch server from Maven Central, as a test needs it: loopback, one node, security off, gone with the process that started it.

It lacks `GET /`, ingest, languages, reindexing and scripts; what the portal asks of a cluster, it has. The archive is kept between runs in the user's cache
(`GONGFANG_TEST_CACHE`, else `XDG_CACHE_HOME`).
"""

import atexit
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from portal.runtime.embedded.processes import own_directory, server_account, start_server, stop_server
from tests.runtime.portal_process import free_ports

ARTIFACT = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:{version}:zip"
OLDEST, NEWEST = "8.19.3", "9.2.4"
LEAST_JAVA = {OLDEST: 17, NEWEST: 21}
READY_WITHIN, FETCHED_WITHIN = 180.0, 900.0
_kept_open = ExitStack()
atexit.register(_kept_open.close)
JAVA_PLACES = Path("/usr/lib/jvm")
# Nothing here is to last, and the disk of a machine that tests is full at times.
OPTIONS = {
    "discovery.type": "single-node",
    "network.host": "127.0.0.1",
    "xpack.security.enabled": "false",
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    "node.store.allow_mmap": "false",
}


class ElasticsearchServer:
    """One server; `address` is where it answers. It may be stopped and started again with what it holds, at the same port."""

    def __init__(self, version: str, directory: Path, *, heap: str = "512m") -> None:
        self.port = free_ports()
        self.address = f"http://127.0.0.1:{self.port}"
        self._heap = heap
        self._directory = directory
        self._java = java_for(version)
        self._program = directory / f"elasticsearch-{version}"
        self._account = server_account(directory / "nothing")
        self._process: subprocess.Popen[bytes] | None = None
        own_directory(directory, self._account)
        with zipfile.ZipFile(archive_of(version)) as archive:
            archive.extractall(directory)
        (self._program / "bin" / "elasticsearch").chmod(0o755)
        for name in ("elasticsearch-env", "elasticsearch-cli"):
            (self._program / "bin" / name).chmod(0o755)
        if self._account is not None:
            for path in (self._program, *self._program.rglob("*")):
                os.chown(path, self._account.uid, self._account.gid)

    def start(self) -> None:
        options = OPTIONS | {"http.port": str(self.port), "transport.port": str(free_ports())}
        command: list[str | Path] = ["env", f"ES_JAVA_HOME={self._java}", f"ES_JAVA_OPTS=-Xms{self._heap} -Xmx{self._heap}"]
        command += [self._program / "bin" / "elasticsearch", *(f"-E{name}={value}" for name, value in options.items())]
        log = self._directory / "output.log"
        with log.open("ab") as output:
            self._process = start_server(command, account=self._account, ends_on=signal.SIGTERM, output=output, cwd=self._directory)
        until = time.monotonic() + READY_WITHIN
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError(f"Elasticsearch does not start: {log.read_text()[-3000:]}")
            time.sleep(0.2)

    def stop(self) -> None:
        if self._process is not None:
            stop_server(self._process, signal.SIGTERM, grace=30)
            self._process = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/_cluster/health", timeout=2) as answer:
                return json.load(answer)["status"] in ("green", "yellow")
        except (OSError, urllib.error.HTTPError):
            return False


@contextmanager
def running(version: str, *, heap: str = "512m") -> Iterator[ElasticsearchServer]:
    """A server of its own, in a directory that is thrown away."""
    directory = Path(tempfile.mkdtemp(prefix="gongfang-elasticsearch-"))
    try:
        server = ElasticsearchServer(version, directory, heap=heap)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@cache
def address_of(version: str) -> str:
    """Where the server of this process answers; started when first asked for, ended with the process."""
    return _kept_open.enter_context(running(version)).address


def stop_all() -> None:
    """End the servers of this process; they would also end with it."""
    address_of.cache_clear()
    _kept_open.close()


@cache
def lacking(version: str) -> str:
    """Why this server cannot be had here, in a sentence; empty where it can."""
    if java_for(version) is None:
        return f"Elasticsearch {version} needs Java {LEAST_JAVA[version]} or newer, which is not installed."
    if not _kept(version).exists() and shutil.which("mvn") is None:
        return f"Elasticsearch {version} is fetched by Maven, which is not installed."
    return ""


@cache
def java_for(version: str) -> Path | None:
    """The home of the oldest Java that will do."""
    homes = {path.resolve() for path in (JAVA_PLACES.iterdir() if JAVA_PLACES.is_dir() else ()) if (path / "bin" / "java").exists()}
    program = shutil.which("java")
    if program is not None:
        homes.add(Path(program).resolve().parent.parent)
    fitting = sorted((number, home) for home in homes if (number := _java_version(home)) >= LEAST_JAVA[version])
    return fitting[0][1] if fitting else None


def archive_of(version: str) -> Path:
    """The server's archive, fetched by Maven where it is not kept yet. One process fetches, the others wait."""
    kept = _kept(version)
    kept.parent.mkdir(parents=True, exist_ok=True)
    with (kept.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            with tempfile.TemporaryDirectory(dir=kept.parent) as directory:
                artifact = f"-Dartifact={ARTIFACT.format(version=version)}"
                command = ["mvn", "-q", "-B", "dependency:copy", artifact, f"-DoutputDirectory={directory}"]
                done = subprocess.run(command, capture_output=True, text=True, timeout=FETCHED_WITHIN, cwd=directory, check=False)
                fetched = Path(directory) / kept.name
                if done.returncode != 0 or not fetched.exists():
                    raise RuntimeError(f"Maven cannot fetch Elasticsearch {version}: {(done.stdout + done.stderr)[-2000:]}")
                fetched.replace(kept)
    return kept


def _kept(version: str) -> Path:
    place = os.environ.get("GONGFANG_TEST_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(place) / "gongfang" / f"elasticsearch-{version}.zip"


def _java_version(home: Path) -> int:
    done = subprocess.run([home / "bin" / "java", "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', done.stderr)
    return int(found.group(1)) if found else 0
