"""Who wants to know when the text of a file has been read, or a file has been found infected."""

from collections.abc import Callable

from django.db.models import Model

# Called in the transaction with what the file hangs on: the model, and the ids of the things.
Follower = Callable[[type[Model], list[int]], None]

_followers: list[Follower] = []


def follow_texts(follower: Follower) -> None:
    if follower not in _followers:
        _followers.append(follower)


def announce_texts(model: type[Model], ids: list[int]) -> None:
    for follower in _followers:
        follower(model, ids)
