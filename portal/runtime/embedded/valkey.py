"""The embedded Valkey: a doorbell, so it keeps nothing on disk and is reachable by a unix socket only."""

import signal
import subprocess
import time
from pathlib import Path

import redis

from portal.runtime.addresses import cache_address, sockets_dir
from portal.runtime.embedded.processes import EmbeddedServerError, make_readable, own_directory, server_account, start_server, stop_server
from portal.runtime.embedded.programs import valkey_program

READY_WITHIN = 15.0


class EmbeddedValkey:
    """A server process whose memory is bounded; what it forgets is still in the database."""

    label = "Valkey"

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.resolve()
        self.sockets = sockets_dir(data_dir)
        self.log = self.data_dir / "log" / "valkey.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run the server and wait until it answers. Refuses with one sentence."""
        account = server_account(self.data_dir / "postgresql")
        own_directory(self.sockets, account)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        program = valkey_program()
        if account is not None:
            make_readable(program.parent)
        socket = self.sockets / "valkey.sock"
        socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
            "databases": "32",
            "daemonize": "no",
            "dir": str(self.sockets),
        }
        command: list[str | Path] = [program]
        for name, value in options.items():
            command += [f"--{name}", value]
        with self.log.open("ab") as output:
            self.process = start_server(command, account=account, ends_on=signal.SIGTERM, output=output, cwd=self.sockets)
        self._wait_until_ready()

    def stop(self) -> None:
        if self.process is not None:
            stop_server(self.process, signal.SIGTERM, grace=5)
            self.process = None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        client = redis.Redis.from_url(cache_address(self.data_dir))
        deadline = time.monotonic() + READY_WITHIN
        try:
            while self.process.poll() is None and time.monotonic() < deadline:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    time.sleep(0.02)
        finally:
            client.close()
        raise EmbeddedServerError(f"The embedded Valkey does not start; {self.log} says why.")
