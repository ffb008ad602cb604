"""Rounds of ten minutes: what comes in one is released in another, so that no time is nearer than that."""

from datetime import UTC, datetime, timedelta

ROUND = timedelta(minutes=10)


def round_of(moment: datetime) -> int:
    return int(moment.timestamp()) // int(ROUND.total_seconds())


def moment_of(number: int) -> datetime:
    """When a round begins: the only time that an anonymous post has."""
    return datetime.fromtimestamp(number * int(ROUND.total_seconds()), UTC)


def next_moment(moment: datetime) -> datetime:
    return moment_of(round_of(moment) + 1)
