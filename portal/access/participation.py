"""Writing who takes part in a thing. Whoever may do so is for the caller to ask; all of it happens in the caller's transaction."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models, transaction

from portal.access.readers import HasReaders, reader_model
from portal.access.rules import is_token
from portal.access.standings import people_holding
from portal.audit.services import record
from portal.outbox.services import enqueue

Follower = Callable[[type[models.Model], Iterable[int]], None]

_followers: list[Follower] = []


def follow_readers(follower: Follower) -> None:
    """`follower(model, ids)` is called in the transaction in which the readers of these things change; the search comes after them so."""
    if follower not in _followers:
        _followers.append(follower)


def add_readers(thing: HasReaders, tokens: Iterable[str], *, actor: Any, reason: str = "") -> None:
    """Let the holders of these tokens take part; who does already stays, with the first reason. Refuses a token that does not exist."""
    wanted = _checked(tokens)
    _check_reason(thing, reason)
    with transaction.atomic(savepoint=False):  # part of the act of which it follows
        held = _held(thing)
        _write(thing, held, held | wanted, actor=actor, reason=reason)


@transaction.atomic
def remove_readers(thing: HasReaders, tokens: Iterable[str], *, actor: Any) -> None:
    """They take part no more: pages, search and sockets follow with the commit."""
    held = _held(thing)
    _write(thing, held, held - set(tokens), actor=actor)


@transaction.atomic
def replace_readers(thing: HasReaders, tokens: Iterable[str], *, actor: Any, reason: str = "", least_level: int | None = None) -> None:
    """These and no others take part, from a level on. Who stays keeps the day and the reason."""
    wanted, held = _checked(tokens), _held(thing)
    if least_level is not None and least_level != thing.least_level:
        thing.least_level = least_level
        type(thing)._default_manager.filter(pk=thing.pk).update(least_level=least_level)
        reader_model(type(thing))._default_manager.filter(thing=thing).update(level=least_level)
        _follow(thing, wanted)
    _write(thing, held, wanted, actor=actor, reason=reason)


def _held(thing: HasReaders) -> set[str]:
    """Who takes part, read as the only writer: two who change it at once come one after the other."""
    thing.least_level = type(thing)._default_manager.select_for_update(of=("self",)).only("least_level").get(pk=thing.pk).least_level
    return set(reader_model(type(thing))._default_manager.filter(thing=thing).values_list("token", flat=True))


def _write(thing: HasReaders, held: set[str], wanted: set[str], *, actor: Any, reason: str = "") -> None:
    _check_reason(thing, reason)
    table = reader_model(type(thing))
    if wanted == held:
        return
    table._default_manager.bulk_create([table(thing=thing, token=token, level=thing.least_level, reason=reason) for token in sorted(wanted - held)])
    if held - wanted:
        table._default_manager.filter(thing=thing, token__in=held - wanted).delete()
    record(actor, "readers.changed", thing, before={"readers": " ".join(sorted(held))}, after={"readers": " ".join(sorted(wanted))})
    _follow(thing, held - wanted)


def _check_reason(thing: HasReaders, reason: str) -> None:
    if reason and reason not in thing.reader_reasons:
        raise LookupError(f"{type(thing).__name__} knows no reason {reason!r}")


def _follow(thing: HasReaders, tokens: set[str]) -> None:
    """The search, and the open pages of those whose right may have ended."""
    for follower in _followers:
        follower(type(thing), [thing.pk])
    concerned = sorted(people_holding(tokens).values_list("pk", flat=True)) if tokens else []
    if concerned:
        enqueue("standings.changed", {"user_ids": concerned})


def _checked(tokens: Iterable[str]) -> set[str]:
    wanted = set(tokens)
    for token in wanted:
        if not is_token(token):
            raise ValueError(f"not a token of readers: {token!r}")
    return wanted
