"""How long each folder of tests takes, against its share (`tests/budget.toml`), told at the end of a whole run.

A share is in seconds of one worker on a machine that has nothing else to do. Outgrowing it is a warning, never a failure: no test
depends on how fast the machine is.
"""

import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

BUDGET = Path(__file__).with_name("budget.toml")
WHOLE_RUN = 20  # folders: with fewer, somebody runs a part, and no table is shown

_seconds: dict[str, float] = defaultdict(float)
_counts: dict[str, int] = defaultdict(int)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    folder = _folder(report.nodeid)
    _seconds[folder] += report.duration
    _counts[folder] += report.when == "call"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or not (len(_seconds) >= WHOLE_RUN or config.option.markexpr == "drill"):
        return
    shares = tomllib.loads(BUDGET.read_text())["drills" if config.option.markexpr == "drill" else "tests"]
    terminalreporter.section("seconds by folder")
    for folder, seconds in sorted(_seconds.items(), key=lambda entry: -entry[1]):
        share = shares.get(folder, shares["others"])
        outgrown = seconds > share
        line = f"{folder:<20} {_counts[folder]:>5} tests {seconds:>7.0f} s of {share:>4} s{'  OUTGROWN' if outgrown else ''}"
        terminalreporter.write_line(line, yellow=outgrown)
    terminalreporter.write_line(f"{'all':<20} {sum(_counts.values()):>5} tests {sum(_seconds.values()):>7.0f} s of one worker")


def _folder(nodeid: str) -> str:
    parts = nodeid.split("::", maxsplit=1)[0].split("/")
    return parts[1] if len(parts) > 2 else parts[-1]
