"""Text as PostgreSQL can keep it."""

from typing import Any


def storable(text: str) -> str:
    """The text without NUL; halves of a surrogate pair are joined where both are there, and one alone becomes U+FFFD."""
    if text.isascii():
        return text.replace("\x00", "")
    return text.replace("\x00", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def storable_json(value: Any) -> Any:
    """The same for every text within what a reader answered in JSON."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [storable_json(item) for item in value]
    if isinstance(value, dict):
        return {storable(name): storable_json(item) for name, item in value.items()}
    return value
