"""Make the virtual environment and put the pinned packages into it, with a progress bar. Runs on a bare Python 3.11.

`python3 deploy/install.py requirements.txt`; nothing is done when the same list was installed before.
"""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
WIDTH = 30


def main(name: str) -> None:
    if sys.version_info < (3, 11):
        sys.exit(f"Gongfang needs Python 3.11 or newer; this is {sys.version.split()[0]}. PYTHON=python3.12 make run takes another one.")
    stamp = ENVIRONMENT / f".installed-{name}"
    wanted = fingerprint(name)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    make_environment()
    install(name)
    stamp.write_text(wanted)


def fingerprint(name: str) -> str:
    files = ["requirements.txt", "constraints.txt"] + ([name] if name != "requirements.txt" else [])
    return hashlib.sha256(b"".join((ROOT / file).read_bytes() for file in files)).hexdigest()


def make_environment() -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    print("Making the virtual environment ...", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], capture_output=True, text=True)
    if made.returncode != 0:
        if "ensurepip" in made.stdout + made.stderr:
            sys.exit(f"Python's venv is not complete on this machine; on Debian and Ubuntu: apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv")
        sys.exit(f"The virtual environment {ENVIRONMENT} could not be made: {(made.stderr or made.stdout).strip()[-300:]}")


def install(name: str) -> None:
    """Run pip and count what it reports against the number of pins."""
    expected = {line.split("==")[0] for file in ("constraints.txt", "requirements.txt") for line in (ROOT / file).read_text().splitlines() if "==" in line}
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore", "-r", name]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    seen: set[str] = set()
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if found := re.match(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)", line):
            seen.add(found[1].lower())
            show(len(seen), max(len(seen), len(expected)), "collecting")
        elif line.startswith("Installing collected packages"):
            show(len(seen), len(seen), "installing")
    if process.wait() != 0:
        sys.exit("\nThe packages could not be installed:\n" + "".join(said[-8:]))
    show(len(seen), len(seen), "installed")
    print()


def show(done: int, total: int, word: str) -> None:
    if sys.stdout.isatty():
        filled = WIDTH * done // max(1, total)
        print(f"\rPackages [{'#' * filled}{' ' * (WIDTH - filled)}] {done} {word}   ", end="", flush=True)
    elif word != "collecting":
        print(f"Packages: {done} {word}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
