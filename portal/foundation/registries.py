"""Loading what apps register. A registration is a file of a known name that registers something when it is imported."""

from importlib import import_module
from pathlib import Path

# In the order in which they are loaded; `tests/architecture` fails on a file that registers something and is not among them.
REGISTRATIONS = (
    "verbs",
    "capabilities",
    "groups",
    "obligations",
    "notifications",
    "subjects",
    "policies",
    "pages",
    "permissions",
    "effects",
    "organization",
    "photos",
    "navigation",
    "discussions",
    "confirmations",
    "widgets",
    "lists",
    "imports",
    "editing",
    "topics",
    "search",
    "feeds",
    "queues",
    "health",
    "first_start",
    "at_start",
    "content",
)


def load_registrations(app_name: str) -> None:
    """Import the registrations of an app and of the packages directly inside it that are no apps themselves. A broken one stops the start.

    Lists of a second noun may stand in `<noun>_lists.py` beside `lists.py`.
    """
    package = import_module(app_name)
    folder = Path(package.__path__[0])
    for name, place in [(app_name, folder), *((f"{app_name}.{part.name}", part) for part in sorted(folder.iterdir()) if _belongs(part))]:
        for registration in REGISTRATIONS:
            if (place / f"{registration}.py").exists():
                import_module(f"{name}.{registration}")
        for path in sorted(place.glob("*_lists.py")):
            import_module(f"{name}.{path.stem}")


def _belongs(part: Path) -> bool:
    return (part / "__init__.py").exists() and not (part / "apps.py").exists()
