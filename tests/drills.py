"""`make drills`: what kills, fills and waits; `make drills ONLY=nodes` those of one folder (`ONLY="nodes backup"`: of two).

A drill that fails is run once more by itself; both results are shown, and it is named at the end.

Nothing else is ever run again: a test that fails by chance is a fault of the test.
"""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5


def main(arguments: list[str]) -> int:
    folders = [f"tests/{name}" for name in arguments if name.isidentifier()]
    unknown = [folder for folder in folders if not (ROOT / folder).is_dir()]
    if unknown:
        print(f"There is no folder {unknown[0]}.")
        return 2
    arguments = [name for name in arguments if not name.isidentifier()]
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "report.xml"
        options = ["--dist", "loadfile", "--durations=40", "--durations-min=5"]
        code = _pytest(["-m", "drill", *options, f"--junitxml={report}", *(arguments or ["-n", "2"]), *(folders or ([] if arguments else ["tests"]))])
        failed = _failed(report) if report.exists() else []
    if code == 0 or not failed:
        return code
    print(f"\n{len(failed)} failed; each is run once more, by itself.", flush=True)
    again = {name: _pytest(["-q", name]) for name in failed}
    print("\nDrills that were run twice:")
    for name, result in again.items():
        print(f"  {name}: failed, then {'passed' if result == 0 else 'failed again'}")
    lasting = sum(result != 0 for result in again.values())
    print(f"{len(failed) - lasting} passed, {lasting} failed")
    return 1 if lasting else 0


def _pytest(arguments: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", "-q", *arguments], cwd=ROOT).returncode


def _failed(report: Path) -> list[str]:
    """The ids of what failed, from the report."""
    names = []
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  # our own file
        if case.find("failure") is not None or case.find("error") is not None:
            path = case.get("classname", "").split(".")
            depth = next(depth for depth in range(len(path), 0, -1) if (ROOT.joinpath(*path[:depth]).with_suffix(".py")).exists())
            names.append("::".join([f"{'/'.join(path[:depth])}.py", *path[depth:], case.get("name", "")]))
    return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
