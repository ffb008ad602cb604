"""What a person must do before anything else: change a first password, set up a second factor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Obligation:
    """While `is_owed(request)` holds, every page leads to the page `url_name`; account pages stay open."""

    is_owed: Callable[[Any], bool]
    url_name: str
    sentence: str | Promise


_obligations: list[Obligation] = []


def register_obligation(obligation: Obligation) -> None:
    _obligations.append(obligation)


def owed_obligation(request: HttpRequest) -> Obligation | None:
    """The first thing that this person owes."""
    return next((obligation for obligation in _obligations if obligation.is_owed(request)), None)


register_obligation(
    Obligation(
        is_owed=lambda request: request.user.must_change_password,
        url_name="account_change_password",
        sentence=_("Choose a password of your own first. The one that you were given works only once."),
    )
)
