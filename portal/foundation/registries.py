"""Loading what modules register: each app names its registration files in `apps.py`, and nothing else happens there."""

from importlib import import_module


def load_registrations(app_name: str, *names: str) -> None:
    """Import `app_name.<name>` for each name; a file that is missing or broken stops the start."""
    for name in names:
        import_module(f"{app_name}.{name}")
