"""Every address by every role: who is shown what, who may do what, and that looking changes nothing (S33)."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.accounts.models import User
from tests.cast import Cast
from tests.permissions.roles import ROLES, browsers, make_things
from tests.permissions.rules import CONFIRM, SIGN_IN, Outcome
from tests.permissions.table import EXCEPTIONS, TABLE, WRITES_OF_GET

SignIn = Callable[[User], Client]
WRITE = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
UNNOTED = {"django_session"}
NO_SUCH_KEY = UUID(int=1)
NOWHERE = {
    "capability": "no.such",
    "attachment": NO_SUCH_KEY,
    "pdf": NO_SUCH_KEY,
    "loose_attachment": NO_SUCH_KEY,
    "upload": NO_SUCH_KEY,
    "mail_key": NO_SUCH_KEY,
}


def all_addresses(patterns: list[Any] | None = None, namespace: str = "") -> Iterator[str]:
    """The name of every address there is. An address without a name is an error: no table could hold it.

    Those of the editor are tried by `tests/bulletin/test_editor.py`: they are open by a list, and closed otherwise.
    """
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and str(pattern.pattern) == "editor/":
            continue
        if isinstance(pattern, URLResolver):
            yield from all_addresses(pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern.pattern} has no name"
            yield f"{namespace}{pattern.name}"


def outcome_of(answer: HttpResponse) -> Outcome:
    if answer.status_code == 302:
        for place, outcome in (("/accounts/sign-in/", SIGN_IN), ("/accounts/confirm/", CONFIRM)):
            if answer["Location"].startswith(place):
                return outcome
    return answer.status_code


@contextmanager
def written_tables() -> Iterator[set[str]]:
    """The tables that are written to meanwhile."""
    tables: set[str] = set()

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        tables.update(set(WRITE.findall(sql)) - UNNOTED)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield tables


def ask(browser: Client, method: str, url: str) -> tuple[Outcome, set[str]]:
    """The answer to a request without any data, and the tables that it wrote to; both are taken back."""
    cookies = browser.cookies.copy()
    with transaction.atomic():
        with written_tables() as tables:
            answer = getattr(browser, method)(url)
            if answer.streaming:
                b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    browser.cookies = cookies
    return outcome_of(answer), tables


def test_every_address_is_in_the_table_once_and_nothing_else_is() -> None:
    listed = Counter(address.name for address in TABLE)
    assert [name for name, times in listed.items() if times > 1] == []
    assert set(listed) == set(all_addresses())
    assert {name for name, _method, _role in EXCEPTIONS} | set(WRITES_OF_GET) <= set(listed)


def test_each_address_answers_each_role_as_the_table_says(cast: Cast, client_for: SignIn) -> None:
    """The plant is made once; what each request writes is taken back, so that every role meets the same things."""
    things = make_things(cast)
    everyone = browsers(cast, client_for)
    wrong = []
    for address in TABLE:
        url = reverse(address.name, args=things.arguments(address.about))
        for method, answers in (("get", address.get), ("post", address.post)):
            for role in ROLES:
                expected = EXCEPTIONS.get((address.name, method, role), answers[role])
                outcome, tables = ask(everyone[role], method, url)
                if outcome != expected:
                    wrong.append(f"{role}: {method} {address.name}: {outcome}, not {expected}")
                if method == "get":
                    tables -= WRITES_OF_GET.get(address.name, set())
                    tables -= {"audit_record"} if role == "viewing" else set()  # each page that is viewed as another goes on record
                    wrong += [f"{role}: get {address.name} writes to {table}" for table in sorted(tables)]
    assert wrong == []


def test_what_does_not_exist_is_answered_by_no_page_to_nobody(cast: Cast, client_for: SignIn) -> None:
    make_things(cast)
    everyone = browsers(cast, client_for)
    for address in TABLE:
        if not address.about or " " in address.about:
            continue
        url = reverse(address.name, args=[NOWHERE.get(address.about, 999_999)])
        method = "post" if address.get["admin"] == 405 else "get"
        for role in ("anonymous", "customer", "operator", "admin"):
            outcome, _tables = ask(everyone[role], method, url)
            assert outcome in {404, 403, 401, SIGN_IN, CONFIRM}, (role, address.name)
            if role == "admin" and outcome != CONFIRM:
                assert outcome == 404, address.name
