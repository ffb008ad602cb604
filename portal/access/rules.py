"""An audience as a value: who may see a thing, spelled out as tokens.

Tokens: `all` (every employee), `customers`, `dept:12` (members of the department itself), `dept:12+` (with those below),
`pos:3`, `duty:9`, `group:7`, `user:41`. A person is in the audience when some token of theirs is included, their level is at least the
one asked for, and none of their tokens is excluded.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

EVERYONE = "all"
CUSTOMERS = "customers"
ADMINISTRATORS = "administrators"  # of a standing only: no audience names them
LEVELS = range(0, 5)

_TOKEN = re.compile(r"(all|customers|dept:[1-9]\d{0,17}\+?|(?:pos|duty|group|user):[1-9]\d{0,17})")

# Besides those of audiences, whoever takes part in a thing may be the heads of a department, a post in one, a duty, those who publish for one, or
# those who hold a capability.
_READER = re.compile(r"[a-z]+:[1-9]\d{0,17}(?:-[1-9]\d{0,17}|\+)?|cap:[a-z_.]{1,60}|administrators")


class Outcome(Enum):
    """Why a person is in an audience or is not, in the order in which the rule is asked."""

    EXCLUDED = "excluded"
    NOT_INCLUDED = "not_included"
    LEVEL_TOO_LOW = "level_too_low"
    INCLUDED = "included"


@dataclass(frozen=True, slots=True)
class Match:
    """The outcome, and the token that decided it (None where none did)."""

    outcome: Outcome
    token: str | None = None

    def __bool__(self) -> bool:
        return self.outcome is Outcome.INCLUDED


@dataclass(frozen=True, slots=True)
class AudienceRule:
    """Normalised: the same rule, however it was put together, is equal and has the same key."""

    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    level: int = 0

    @classmethod
    def of(cls, include: Iterable[str], exclude: Iterable[str] = (), level: int = 0) -> "AudienceRule":
        """Check and normalise. Raises ValueError for a token or a level that does not exist.

        What a wider token covers is dropped: `dept:12` beside `dept:12+`, and all staff's departments, positions and duties beside `all`.
        """
        included, excluded = frozenset(include), frozenset(exclude)
        for token in included | excluded:
            if not _TOKEN.fullmatch(token):
                raise ValueError(f"not an audience token: {token!r}")
        if level not in LEVELS:
            raise ValueError(f"not a level: {level!r}")
        return cls(include=_narrowed(included), exclude=_narrowed(excluded), level=level)

    @property
    def key(self) -> str:
        return f"{' '.join(self.include)}|{' '.join(self.exclude)}|{self.level}"

    def match(self, tokens: frozenset[str], level: int) -> Match:
        """Whether someone with these tokens and this level is in the audience, and what decided it."""
        excluded_by = next((token for token in self.exclude if token in tokens), None)
        if excluded_by is not None:
            return Match(Outcome.EXCLUDED, excluded_by)
        included_by = next((token for token in self.include if token in tokens), None)
        if included_by is None:
            return Match(Outcome.NOT_INCLUDED)
        if level < self.level:
            return Match(Outcome.LEVEL_TOO_LOW, included_by)
        return Match(Outcome.INCLUDED, included_by)


def is_token(token: str) -> bool:
    """Whether somebody may take part by it."""
    return token in (EVERYONE, CUSTOMERS) or _READER.fullmatch(token) is not None


def department_token(department_id: int, *, with_below: bool = True) -> str:
    return f"dept:{department_id}+" if with_below else f"dept:{department_id}"


def position_token(position_id: int) -> str:
    return f"pos:{position_id}"


def post_token(department_id: int, position_id: int) -> str:
    """Of a standing and of those who take part, not of audiences: who holds this position in this very department."""
    return f"post:{department_id}-{position_id}"


def duty_token(duty_id: int) -> str:
    return f"duty:{duty_id}"


def group_token(group_id: int) -> str:
    return f"group:{group_id}"


def person_token(user_id: int) -> str:
    return f"user:{user_id}"


def split_token(token: str) -> tuple[str, int | None, bool]:
    """(kind, id, with those below): `dept:12+` -> ("dept", 12, True); `all` -> ("all", None, False); so too what has no id of its own (`post:12-3`)."""
    kind, _, rest = token.partition(":")
    number = rest.rstrip("+")
    return (kind, int(number), rest.endswith("+")) if number.isdigit() else (kind, None, False)


def _narrowed(tokens: frozenset[str]) -> tuple[str, ...]:
    kept = {token for token in tokens if f"{token}+" not in tokens}
    if EVERYONE in kept:
        kept = {token for token in kept if not token.startswith(("dept:", "pos:", "duty:"))}
    return tuple(sorted(kept))
