"""Who may publish for which department today: heads, their deputies, and those to whom it is delegated. No query of its own."""

from typing import Any

from portal.access.standings import standing_of

PREFIX = "publish:"


def publishing_token(department_id: int) -> str:
    return f"{PREFIX}{department_id}"


def publishing_departments(user: Any) -> list[int]:
    """The departments for which this person may publish today."""
    standing = standing_of(user)
    delegated = (int(token.removeprefix(PREFIX)) for token in standing.tokens if token.startswith(PREFIX))
    return sorted({*standing.headed_department_ids, *delegated})


def publishes_for(user: Any, department_id: int) -> bool:
    return not standing_of(user).token_set.isdisjoint(tokens_of_publishers(department_id))


def tokens_of_publishers(department_id: int) -> list[str]:
    """Whoever publishes for a department today has one of these in their standing."""
    return [f"head:{department_id}", publishing_token(department_id)]
