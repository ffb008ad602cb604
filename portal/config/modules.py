"""The list of modules. Whatever asks which modules there are asks here: apps, addresses, schedules, catalogues, and the tests of the house.

The contracts in `pyproject.toml` are held against it by `tests/architecture/test_modules.py`.
"""

from importlib import import_module
from typing import Any

from portal.config.environment import ROOT

MODULES = ("bulletin", "crm", "forum", "knowledge", "mail")

# Parts of the portal itself that are used as a module is: with addresses, pages and tests of their own in `tests/<part>`, and a sheet for their own pages.
PARTS = ("approvals",)
WITH_PAGES = (*MODULES, *PARTS)


def module_apps() -> list[str]:
    """The apps of all modules: a module that is one app, or the apps that a package such as `crm` holds."""
    found = []
    for module in MODULES:
        folders = [ROOT / module, *sorted(path for path in (ROOT / module).iterdir() if path.is_dir())]
        found += [".".join(folder.relative_to(ROOT).parts) for folder in folders if (folder / "apps.py").exists()]
    return found


def module_addresses() -> list[str]:
    """Modules with addresses of their own, below their name."""
    return [module for module in MODULES if (ROOT / module / "urls.py").exists()]


def module_schedule() -> dict[str, Any]:
    """What the beat does for modules: `SCHEDULE` in an app's `schedule.py`."""
    schedule: dict[str, Any] = {}
    for app in module_apps():
        if (ROOT.joinpath(*app.split(".")) / "schedule.py").exists():
            schedule |= import_module(f"{app}.schedule").SCHEDULE
    return schedule
