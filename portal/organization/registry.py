"""Who wants to know when people's posts change, and how things read. Followers are called in the transaction of the change."""

from collections.abc import Callable, Collection

from django.db.models import Model

Follower = Callable[[Collection[int] | None], None]

WordsFollower = Callable[[Model], None]

_followers: list[Follower] = []
_words_followers: list[WordsFollower] = []


def follow_changes(follower: Follower) -> None:
    """`follower(user_ids)` is called in the same transaction as every change; None means everyone."""
    if follower not in _followers:
        _followers.append(follower)


def announce_changes(user_ids: Collection[int] | None) -> None:
    """Tell the followers that these people's posts have changed."""
    for follower in _followers:
        follower(user_ids)


def follow_words(follower: WordsFollower) -> None:
    """`follower(thing)` is called when a person, a card, a department or a position reads differently, or a department is new or closed."""
    if follower not in _words_followers:
        _words_followers.append(follower)


def announce_words(thing: Model) -> None:
    for follower in _words_followers:
        follower(thing)
