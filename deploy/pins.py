"""Renew constraints.txt: install the direct requirements into an empty environment and write down what they brought along."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    direct: set[str] = set()
    bare: list[str] = []
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if found := re.match(r"([A-Za-z0-9._-]+)(\[[^\]]*\])?==(\S+)", line):
                direct.add(normal(found[1]))
                bare.append(found[0])
    with tempfile.TemporaryDirectory() as directory:
        python = Path(directory) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", directory], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *bare], check=True)
        frozen = subprocess.run([python, "-m", "pip", "freeze", "--all"], check=True, capture_output=True, text=True).stdout
    lines = [line for line in frozen.splitlines() if "==" in line and normal(line.split("==")[0]) not in direct | {"pip", "setuptools", "wheel"}]
    text = "# Indirect dependencies, pinned. Written by `make pins`.\n" + "\n".join(sorted(lines, key=str.lower)) + "\n"
    (ROOT / "constraints.txt").write_text(text)
    print(f"{len(lines)} pins written.")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
