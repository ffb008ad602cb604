"""Documents that are derived from the code say what the code says."""

import os
import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent.parent


def test_operators_read_every_setting() -> None:
    table = StringIO()
    call_command("settings_table", stdout=table)
    assert table.getvalue().strip() in (ROOT / "docs" / "operators.md").read_text(), "put the output of `manage.py settings_table` into docs/operators.md"


def test_the_image_holds_every_package_of_ours() -> None:
    """A module that is not copied lets no process of the image start."""
    copied = {line.split()[1] for line in (ROOT / "deploy" / "Containerfile").read_text().splitlines() if line.startswith("COPY")}
    ours = {app.split(".")[0] for app in settings.INSTALLED_APPS if (ROOT / app.split(".")[0]).is_dir()}
    assert ours - {"tests"} <= copied


def test_the_image_holds_every_catalogue_compiled(tmp_path: Path) -> None:
    """Nobody may write into it afterwards."""
    shutil.copytree(ROOT / "locale", tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
    [code] = re.findall('RUN python -c "(.*)"', (ROOT / "deploy" / "Containerfile").read_text())
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True)
    catalogues = list(tmp_path.rglob("*.po"))
    assert len(catalogues) > 1
    assert all(catalogue.with_suffix(".mo").exists() for catalogue in catalogues)


def test_units_and_containers_start_what_serve_starts() -> None:
    served = (ROOT / "portal" / "runtime" / "management" / "commands" / "serve.py").read_text()
    units = "".join(path.read_text() for path in (ROOT / "deploy" / "systemd").glob("*.service"))
    containers = (ROOT / "deploy" / "compose.yaml").read_text()
    for application in ("portal.config.wsgi:application", "portal.config.asgi:application"):
        assert application in served
        assert application in units
        assert application in containers
    assert all("PORTAL_FACE" in text and "extranet" in text for text in (served, units, containers))
