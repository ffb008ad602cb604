"""What is hidden and what does not exist answer alike at every address: nobody learns by trying keys what there is.

The thing of each address is asked for by somebody to whom no address shows it, and then under a key that nothing has.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.accounts.models import User
from tests.cast import Cast
from tests.permissions.roles import Things, browsers, make_things
from tests.permissions.rules import CONFIRM, NOT_SO, SIGN_IN, Address, Outcome
from tests.permissions.table import EXCEPTIONS, TABLE
from tests.permissions.test_addresses import outcome_of

SignIn = Callable[[User], Client]
ASKERS = ("operator", "admin", "head", "keeper", "inspector", "customer")
REFUSED: set[Outcome] = {401, 403, 404, NOT_SO, SIGN_IN, CONFIRM}
# What is no key of a thing: the kind of it, a page of it, what is typed.
NO_KEYS = {"page_number", "paper_type", "paper_model", "panel", "uid", "key", "list", "capability"}
# Who is shown the one knows of the other: it stands on the same page.
STANDS_ON = {
    "paper_task": "paper_under_way",
    "opinion_task": "paper_under_way",
    "suggestion": "topic",
    "reference": "topic",
    "employment": "inspector",
    "deputyship": "inspector",
    "absence": "inspector",
    "crm_payment": "crm_customer",
}
NO_SUCH: dict[type, Any] = {int: 999_999, UUID: UUID(int=1)}


def expected(address: Address, method: str, role: str) -> Outcome:
    answers = address.get if method == "get" else address.post
    return EXCEPTIONS.get((address.name, method, role), answers[role])


def named(address: Address) -> set[str]:
    return set(address.about.split()) - NO_KEYS


def known_things(role: str) -> set[str]:
    """The things that some address shows to this role, or lets it act on; with what stands on the same page."""
    shown = {name for address in TABLE for method in ("get", "post") if expected(address, method, role) not in REFUSED for name in named(address)}
    return shown | {name for name, place in STANDS_ON.items() if place in shown}


def absent_url(address: Address, things: Things) -> str | None:
    """The same address for a thing that there is not; None where it is not told by a number or a key."""
    arguments = [NO_SUCH.get(type(things.pks[name]), "no-such") if name in named(address) else things.pks[name] for name in address.about.split()]
    try:
        return reverse(address.name, args=arguments)
    except NoReverseMatch:
        return None


def ask(browser: Client, method: str, url: str) -> HttpResponse:
    with transaction.atomic():
        answer = getattr(browser, method)(url)
        transaction.set_rollback(True)
    return answer


def test_what_is_hidden_and_what_is_not_there_answer_alike(cast: Cast, client_for: SignIn) -> None:
    things = make_things(cast)
    everyone = browsers(cast, client_for)
    known = {role: known_things(role) for role in ASKERS}
    wrong, tried = [], 0
    for address, role in ((address, role) for address in TABLE for role in [one for one in ASKERS if named(address) and not named(address) & known[one]][:2]):
        method = "post" if expected(address, "get", role) == NOT_SO else "get"
        other = absent_url(address, things)
        if other is None:
            continue
        url = reverse(address.name, args=things.arguments(address.about))
        hidden, absent = ask(everyone[role], method, url), ask(everyone[role], method, other)
        tried += 1
        if outcome_of(hidden) != outcome_of(absent):
            wrong.append(f"{role}: {method} {address.name}: {outcome_of(hidden)} where it is hidden, {outcome_of(absent)} where there is none")
        elif len(hidden.content.replace(url.encode(), b"")) != len(absent.content.replace(other.encode(), b"")):
            wrong.append(f"{role}: {method} {address.name}: the pages differ")
    assert not wrong, "\n".join([*wrong, f"of {tried}"])
    assert tried > 300
