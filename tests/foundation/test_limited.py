"""A limited process answers, or says why not; it takes nothing from the one that started it (S22)."""

import io
import os
import socket
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import psutil
import pytest

from portal.foundation.limited import LimitedError, Reason, hide_from_limited, run_limited

WORK = "tests.foundation.limited_work:"


def run(work: str | Sequence[str], payload: bytes | IO[bytes] = b"paper", *arguments: str, written_bytes: int = 0, result: str = "") -> bytes:
    return run_limited(
        WORK + work if isinstance(work, str) else work,
        payload,
        arguments=arguments,
        memory_bytes=512 << 20,
        cpu_seconds=1,
        wall_seconds=1.5,
        output_bytes=1 << 20,
        written_bytes=written_bytes,
        result=result,
    )


def failure_of(work: str | Sequence[str], *arguments: str, written_bytes: int = 0) -> LimitedError:
    with pytest.raises(LimitedError) as failure:
        run(work, b"paper", *arguments, written_bytes=written_bytes)
    return failure.value


def test_a_function_answers_with_bytes_or_in_pieces() -> None:
    assert run("shout", b"paper", "?") == b"PAPER?"
    assert run("in_pieces", b"abcd") == b"ab-cd-"


def test_a_command_reads_the_payload_and_its_output_is_the_answer() -> None:
    assert run(["cat"], b"paper") == b"paper"


def test_an_open_file_is_read_from_its_start_wherever_it_stands() -> None:
    with tempfile.TemporaryFile() as paper:
        paper.write(b"paper")
        paper.flush()
        assert run("shout", paper) == b"PAPER!"


def test_a_payload_without_a_descriptor_is_refused_at_once() -> None:
    with pytest.raises(io.UnsupportedOperation):
        run("shout", io.BytesIO(b"paper"))


def test_a_file_that_the_work_wrote_can_be_the_answer_within_its_limit() -> None:
    assert run(["sh", "-c", "cat > out.txt"], result="out.txt", written_bytes=4096) == b"paper"
    assert failure_of(["sh", "-c", "yes > out.txt"], written_bytes=4096).reason == Reason.OUTPUT
    with pytest.raises(LimitedError, match=r"no out\.txt"):
        run(["sh", "-c", "ln -s /etc/passwd out.txt"], result="out.txt", written_bytes=4096)


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        ("take_memory", Reason.MEMORY),
        ("turn_for_ever", Reason.TIME),
        ("wait_for_ever", Reason.TIME),
        ("talk_for_ever", Reason.OUTPUT),
        ("complain_for_ever", Reason.TIME),
        ("crash", Reason.CRASHED),
        ("fill_the_disk", Reason.OUTPUT),
    ],
)
def test_each_limit_ends_the_work_and_says_which_it_was(work: str, reason: Reason) -> None:
    started = time.monotonic()
    assert failure_of(work).reason == reason
    assert time.monotonic() - started < 60


def test_what_the_work_refuses_is_told_in_one_line() -> None:
    failure = failure_of("refuse")
    assert (failure.reason, failure.detail) == (Reason.REFUSED, "ValueError: not a paper")


def test_a_program_that_is_not_installed_is_told_apart() -> None:
    assert failure_of(["a-program-that-nobody-has"]).reason == Reason.MISSING


def test_a_library_that_prints_does_not_print_into_the_answer() -> None:
    assert run("print_beside") == b"answer"


def test_it_sees_no_secret_of_the_portal_and_no_file_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", "secret")
    assert set(run("name_surroundings").decode().split()) <= {"HOME", "LANG", "LC_CTYPE", "PATH", "TMPDIR"}


def test_it_reaches_no_server_where_the_kernel_allows_that() -> None:
    if os.system("unshare --user --net true 2>/dev/null") != 0:  # noqa: S605  # a fixed word
        pytest.skip("this kernel gives nobody a network of their own")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert failure_of("reach_out", str(server.getsockname()[1])).reason == Reason.REFUSED


def test_what_is_hidden_from_it_is_empty_where_the_kernel_allows_that(tmp_path: Path) -> None:
    if os.system("unshare --user --mount true 2>/dev/null") != 0:  # noqa: S605  # a fixed word
        pytest.skip("this kernel gives nobody mounts of their own")
    for name in ("portal", "elsewhere"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "secret.key").write_bytes(b"secret")
    hide_from_limited(tmp_path / "portal")
    assert run("read_beside", b"", str(tmp_path / "elsewhere" / "secret.key")) == b"secret"
    assert "No such file" in failure_of("read_beside", str(tmp_path / "portal" / "secret.key")).detail
    assert failure_of(["cat", str(tmp_path / "portal" / "secret.key")]).reason == Reason.CRASHED
    assert (tmp_path / "portal" / "secret.key").read_bytes() == b"secret", "nobody else sees that"
    with (tmp_path / "portal" / "secret.key").open("rb") as given:
        assert run("shout", given) == b"SECRET!", "what is handed over is read all the same"


def test_nothing_stays_behind_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # others have limited processes too
    failure_of(["sh", "-c", "sleep 76543 & sleep 76543"])
    assert not [process for process in psutil.process_iter(["cmdline"]) if "76543" in (process.info["cmdline"] or [])]
    assert not list(tmp_path.iterdir())
