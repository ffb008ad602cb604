"""Reading feeds of news: RSS and Atom as others send them, good or bad, within limits (S22, S24)."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, urlsplit

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.foundation.errors import PortalError
from portal.foundation.fetching import FetchError, read_address
from portal.foundation.limited import LimitedError, run_limited

MOST_ENTRIES = 500
GREATEST_FEED = 10 << 20
TOLERATED = timedelta(minutes=15)  # clocks of others go fast
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
TITLE_OF_SUMMARY = 60


class Reason(StrEnum):
    """Why what was fetched is not read."""

    LARGE = "feed_large"
    DAMAGED = "feed_damaged"
    NONE = "feed_none"


SENTENCES = {
    Reason.LARGE: _("The feed at this address is too large."),
    Reason.DAMAGED: _("The feed at this address cannot be read: it is damaged, or made to do harm."),
    Reason.NONE: _("There is no feed at this address. It should be the address of RSS or Atom, not of a page."),
}


class FeedError(PortalError):
    """There is nothing to be read, and why in one sentence; `detail` is for the log."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(str(SENTENCES[reason]))


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One piece of news, in plain text. `identity` stays the same when the feed is read again.

    `published_at` is None where the feed does not say, or cannot be believed; `link` is empty where there is none.
    """

    identity: str
    title: str
    summary: str
    link: str
    published_at: datetime | None
    author: str


def read_feed(content: bytes, *, address: str, most: int = MOST_ENTRIES) -> list[FeedEntry]:
    """The entries of a feed that was fetched from `address`, in its own order, each once. Raises `FeedError` for what is no feed or will not be read."""
    if len(content) > GREATEST_FEED:
        raise FeedError(Reason.LARGE)
    try:
        answer = run_limited(
            "bulletin.news.parsing:parse",
            content,
            arguments=(address, str(most)),
            memory_bytes=1 << 30,
            cpu_seconds=10,
            wall_seconds=20,
            output_bytes=16 << 20,
        )
    except LimitedError as error:
        raise FeedError(Reason.DAMAGED, str(error)) from error
    found = json.loads(answer)
    if not found["is_feed"]:
        raise FeedError(Reason.NONE)
    entries = [entry for entry in found["entries"] if entry["title"] or entry["summary"]]
    identities = _identities(entries)
    by_identity = {identity: _as_entry(entry, identity) for identity, entry in reversed(list(zip(identities, entries, strict=True)))}
    return [by_identity[identity] for identity in dict.fromkeys(identities)]


def _identities(entries: list[dict]) -> list[str]:
    """The feed's own mark of an entry where it marks one entry only, else its link, else its words."""
    links_of = Counter(entry_id for entry_id, _link in {(entry["id"], entry["link"]) for entry in entries})
    identities = []
    for entry in entries:
        own = entry["id"] if entry["id"] and links_of[entry["id"]] == 1 else entry["link"] or f"{entry['title']}\n{entry['summary']}"
        identities.append(hashlib.sha256(own.encode("utf-8", "replace")).hexdigest())
    return identities


def _as_entry(entry: dict, identity: str) -> FeedEntry:
    title = entry["title"] or entry["summary"].split("\n")[0][:TITLE_OF_SUMMARY]
    return FeedEntry(identity, title, entry["summary"], _checked_link(entry["link"]), _instant(entry["at"], entry["has_zone"]), entry["author"])


def _checked_link(link: str) -> str:
    """A plain address of the web, or nothing."""
    try:
        plain = read_address(link).address
    except FetchError:
        return ""
    fragment = quote(urlsplit(link).fragment, safe="/%:@!$&'()*+,;=~-._?")
    return f"{plain}#{fragment}" if fragment else plain


def _instant(seconds: int | None, has_zone: bool) -> datetime | None:
    """In the plant's time zone where the feed names none; nothing that lies ahead."""
    if seconds is None:
        return None
    try:
        instant = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if not has_zone:
        instant = timezone.make_aware(instant.replace(tzinfo=None), timezone.get_default_timezone())
    return instant if EARLIEST <= instant <= timezone.now() + TOLERATED else None
