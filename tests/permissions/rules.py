"""How a line of the table of addresses says who may open what.

`page` is only looked at, `act` is only done, `form` is both. Each says to whom it answers; everyone else who is signed in is refused
(403, or as `refusal` says: `UNSEEN` where a thing is not even named to those who may not see it), and strangers are asked to sign in.
The administrator who views the site as the operator sees what the operator sees, except what is personal, and can do nothing.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from tests.permissions.roles import ANYONE, ROLES, SIGNED_IN, STRANGERS

Outcome = int | str
Answers = dict[str, Outcome]
Refusal = Outcome | Answers

SIGN_IN = "to the sign-in page"
CONFIRM = "to the page that asks for the password again"
NOT_SO = 405
INCOMPLETE = 422
DONE = 302


@dataclass(frozen=True, slots=True)
class Address:
    """`about` names the things in the address, see roles.py."""

    name: str
    about: str
    get: Answers
    post: Answers


# Employees who may not see a thing are told that there is none; customers are refused the whole module before anything is asked.
UNSEEN: Answers = {role: 403 if role == "customer" else 404 for role in ROLES}


def answers(to: AbstractSet[str], outcome: Outcome, refusal: Refusal = 403) -> Answers:
    """The outcome for these, the refusal for others who are signed in, the sign-in page for strangers."""
    refusals = refusal if isinstance(refusal, dict) else dict.fromkeys(ROLES, refusal)
    return {role: outcome if role in to else SIGN_IN if role in STRANGERS else refusals[role] for role in ROLES}


def viewed(get: Answers, post: Answers, *, is_personal: bool = False) -> tuple[Answers, Answers]:
    """What remains for an administrator who views the site as the operator."""
    return get | {"viewing": 403 if is_personal else get["operator"]}, post | {"viewing": 403}


def page(name: str, to: AbstractSet[str], about: str = "", *, shown: Outcome = 200, refusal: Refusal = 403, is_personal: bool = False) -> Address:
    return Address(name, about, *viewed(answers(to, shown, refusal), answers(ANYONE, NOT_SO), is_personal=is_personal))


def act(name: str, to: AbstractSet[str], about: str = "", *, outcome: Outcome = DONE, refusal: Refusal = 403, is_personal: bool = False) -> Address:
    return Address(name, about, *viewed(answers(ANYONE, NOT_SO), answers(to, outcome, refusal), is_personal=is_personal))


def form(
    name: str,
    to: AbstractSet[str],
    about: str = "",
    *,
    shown: Outcome = 200,
    outcome: Outcome = INCOMPLETE,
    refusal: Refusal = 403,
    is_personal: bool = False,
) -> Address:
    return Address(name, about, *viewed(answers(to, shown, refusal), answers(to, outcome, refusal), is_personal=is_personal))


def imported(name: str, to: AbstractSet[str], about: str) -> list[Address]:
    """The addresses of an import (`importer_urls`); `about` is one of its files, whose columns nobody has named yet."""
    return [
        page(f"{name}_list", to),
        form(f"{name}_create", to),
        page(f"{name}_template", to),
        page(f"{name}_detail", to, about),
        act(f"{name}_columns", to, about, outcome=INCOMPLETE),
        act(f"{name}_names", to, about, outcome=INCOMPLETE),
        page(f"{name}_refused", to, about),
        act(f"{name}_confirmation", to, about, outcome=INCOMPLETE),
        act(f"{name}_repetition", to, about),
        page(f"{name}_progress", to, about),
    ]


def own(name: str, about: str = "", *, get: Outcome, post: Outcome) -> Address:
    """About oneself, for everyone who is signed in."""
    return form(name, SIGNED_IN, about, shown=get, outcome=post, is_personal=True)


def in_json(name: str, to: AbstractSet[str], about: str = "", *, get: Outcome = NOT_SO, post: Outcome = NOT_SO) -> Address:
    """For scripts: strangers get 401, others who are refused 404."""
    both = [{role: outcome if role in to else 401 if role in STRANGERS else outcome if outcome == NOT_SO else 404 for role in ROLES} for outcome in (get, post)]
    return Address(name, about, *viewed(both[0], both[1], is_personal=True))


def before_sign_in(name: str, about: str = "", *, strangers: tuple[Outcome, Outcome], others: tuple[Outcome, Outcome]) -> Address:
    """Each as (GET, POST)."""
    get, post = ({role: strangers[place] if role in STRANGERS else others[place] for role in ROLES} for place in (0, 1))
    return Address(name, about, *viewed(get, post, is_personal=True))
