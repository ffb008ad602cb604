"""Who wants to know when people's posts change. Followers are called in the transaction of the change."""

from collections.abc import Callable, Collection

Follower = Callable[[Collection[int] | None], None]

_followers: list[Follower] = []


def follow_changes(follower: Follower) -> None:
    """`follower(user_ids)` is called in the same transaction as every change; None means everyone."""
    if follower not in _followers:
        _followers.append(follower)


def announce_changes(user_ids: Collection[int] | None) -> None:
    """Tell the followers that these people's posts have changed."""
    for follower in _followers:
        follower(user_ids)
