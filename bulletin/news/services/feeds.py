"""Feeds: naming them, and reading those that are due, each on its own."""

import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletin.news.errors import NewsStateError
from bulletin.news.feeds import GREATEST_FEED, FeedEntry, FeedError, read_feed
from bulletin.news.models import LONGEST_LINK, NewsEntry, NewsFeed
from bulletin.news.problems import problem_of
from portal.audit.services import record, snapshot
from portal.foundation.fetching import Fetched, FetchError, fetch, read_address
from portal.foundation.locks import TakenError, alone
from portal.foundation.storable import storable
from portal.outbox.troubles import is_everybodys

logger = logging.getLogger(__name__)

READERS_LOCK = 482209
AT_ONCE = 4
SECONDS = 20  # for the whole answer of a server
LONGEST_PAUSE = timedelta(hours=24)
MOST_NEW = 100  # of one feed in a day
MOST_WAITING = 200  # of one feed
KEPT = timedelta(days=90)
ACCEPTED = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
KEPT_FIELDS = ("name", "address", "category", "is_active")


@dataclass(slots=True)
class Outcome:
    """What came of reading a feed once: entries, or that nothing has changed, or a problem."""

    fetched: Fetched | None = None
    entries: list[FeedEntry] = field(default_factory=list)
    problem: str = ""
    detail: str = ""


@transaction.atomic
def add_feed(*, name: str, address: str, category: str, is_active: bool = True, actor: Any) -> NewsFeed:
    """Name an address; it is read within a minute. Refuses what is no plain address of the web, and one that is there already."""
    plain = _checked(address)
    if NewsFeed.objects.filter(address=plain).exists():
        raise NewsStateError(_("This address is on the list already."))
    feed = NewsFeed.objects.create(name=name.strip(), address=plain, category=category, is_active=is_active, added_by=actor)
    record(actor, "news_feed.added", feed, after=snapshot(feed, *KEPT_FIELDS))
    return feed


@transaction.atomic
def change_feed(feed: NewsFeed, *, name: str, address: str, category: str, is_active: bool, actor: Any) -> NewsFeed:
    """Another name, address or category, or that it is read or not. A new address is read from the beginning."""
    plain = _checked(address)
    stored = NewsFeed.objects.select_for_update().get(pk=feed.pk)
    if NewsFeed.objects.filter(address=plain).exclude(pk=stored.pk).exists():
        raise NewsStateError(_("This address is on the list already."))
    before = snapshot(stored, *KEPT_FIELDS)
    if plain != stored.address or (is_active and not stored.is_active):
        stored.entity_tag, stored.last_modified, stored.problem, stored.detail = "", "", "", ""
        stored.failures, stored.failing_since, stored.next_at = 0, None, timezone.now()
    stored.name, stored.address, stored.category, stored.is_active = name.strip(), plain, category, is_active
    stored.save()
    record(actor, "news_feed.changed", stored, before=before, after=snapshot(stored, *KEPT_FIELDS))
    return stored


@transaction.atomic
def read_soon(feed: NewsFeed, *, actor: Any) -> None:
    """Read it within a minute, whatever pause it is in."""
    NewsFeed.objects.filter(pk=feed.pk, is_active=True).update(next_at=timezone.now())


def read_due_feeds() -> int:
    """Read what is due, a few at a time, in one process of the portal at most; how many were read.

    Each feed has its own time, size and transaction: whatever one of them does, the others are read, and other work goes on in other processes.
    """
    try:
        with alone(READERS_LOCK):
            feeds = list(NewsFeed.objects.filter(is_active=True, next_at__lte=timezone.now()).order_by("next_at", "pk"))
            with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="feed") as readers:
                for feed, outcome in zip(feeds, readers.map(fetch_feed, feeds), strict=True):
                    _keep(feed, outcome)
    except TakenError:
        return 0
    return len(feeds)


def fetch_feed(feed: NewsFeed) -> Outcome:
    """Fetch and parse, within limits of time and size; asks no database, so that it runs in any thread, and raises nothing."""
    try:
        fetched = fetch(
            feed.address, greatest_size=GREATEST_FEED, timeout=SECONDS, accept=ACCEPTED, entity_tag=feed.entity_tag, last_modified=feed.last_modified
        )
        return Outcome(fetched, [] if fetched.is_unchanged else read_feed(fetched.content, address=fetched.address))
    except (FetchError, FeedError) as error:
        problem, detail = problem_of(error)
        return Outcome(problem=problem, detail=detail)
    except Exception as error:  # of this feed alone
        logger.exception("the feed %s could not be read", feed.pk)
        return Outcome(problem="feed_damaged", detail=storable(str(error))[:200])


def _keep(feed: NewsFeed, outcome: Outcome) -> None:
    """What cannot be kept of one feed keeps no other from being read."""
    try:
        keep_outcome(feed, outcome)
    except Exception as error:
        if is_everybodys(error):
            raise
        logger.exception("what the feed %s brought cannot be kept", feed.pk)
        keep_outcome(feed, Outcome(problem="feed_damaged", detail=type(error).__name__))


@transaction.atomic
def keep_outcome(feed: NewsFeed, outcome: Outcome) -> int:
    """Put what is new into the queue and note how it went; how many came. Nothing where the feed was given another address meanwhile."""
    stored = NewsFeed.objects.select_for_update().filter(pk=feed.pk, address=feed.address).first()
    if stored is None:
        return 0
    now = timezone.now()
    interval = timedelta(minutes=settings.ENVIRONMENT.news_minutes)
    if outcome.fetched is None:
        stored.failures += 1
        stored.failing_since = stored.failing_since or now
        stored.problem, stored.detail = outcome.problem, outcome.detail
        stored.next_at = now + min(interval * 2 ** min(stored.failures, 10), LONGEST_PAUSE)
        stored.save()
        return 0
    stored.failures, stored.failing_since, stored.problem, stored.detail = 0, None, "", ""
    stored.entity_tag, stored.last_modified = outcome.fetched.entity_tag or stored.entity_tag, outcome.fetched.last_modified or stored.last_modified
    if not outcome.fetched.is_unchanged:
        stored.entity_tag, stored.last_modified = outcome.fetched.entity_tag, outcome.fetched.last_modified
        stored.read_at = now
    stored.succeeded_at, stored.next_at = now, now + interval
    stored.save()
    return 0 if outcome.fetched.is_unchanged else _queue(stored, outcome.entries)


def forget_old_entries() -> int:
    """Remove what was not in its feed for 90 days, decided or not; how many. What a feed still brings is kept, so that it does not come anew."""
    old = NewsEntry.objects.filter(Q(feed__read_at__isnull=True) | Q(seen_at__lt=F("feed__read_at")), seen_at__lt=timezone.now() - KEPT)
    return old.delete()[0]


def _queue(feed: NewsFeed, entries: list[FeedEntry]) -> int:
    now = feed.read_at or timezone.now()
    NewsEntry.objects.filter(feed=feed, identity__in=[entry.identity for entry in entries]).update(seen_at=now)
    digests = {entry.identity: hashlib.sha256(entry.link.encode()).hexdigest() if entry.link else None for entry in entries}
    known = set(NewsEntry.objects.filter(feed=feed, identity__in=digests).values_list("identity", flat=True))
    links = set(NewsEntry.objects.filter(link_digest__in=[digest for digest in digests.values() if digest]).values_list("link_digest", flat=True))
    room = MOST_NEW - NewsEntry.objects.filter(feed=feed, arrived_at__gt=now - timedelta(days=1)).count()
    new: list[NewsEntry] = []
    for entry in entries:
        digest = digests[entry.identity]
        if len(new) >= room:
            break
        if entry.identity in known or (digest is not None and digest in links):
            continue
        if digest is not None:
            links.add(digest)
        new.append(_as_row(feed, entry, digest, now))
    NewsEntry.objects.bulk_create(reversed(new), ignore_conflicts=True)
    waiting = NewsEntry.objects.filter(feed=feed, state=NewsEntry.State.WAITING).order_by("-arrived_at", "-pk")
    too_many = list(waiting.values_list("pk", flat=True)[MOST_WAITING:])
    if too_many:
        NewsEntry.objects.filter(pk__in=too_many, state=NewsEntry.State.WAITING).update(state=NewsEntry.State.DROPPED, decided_at=now)
    return len(new)


def _as_row(feed: NewsFeed, entry: FeedEntry, digest: str | None, now: Any) -> NewsEntry:
    return NewsEntry(
        feed=feed,
        identity=entry.identity,
        link_digest=digest,
        title=entry.title[:300],
        summary=entry.summary,
        link=entry.link if len(entry.link) <= LONGEST_LINK else "",
        author=entry.author[:100],
        published_at=entry.published_at,
        arrived_at=now,
        seen_at=now,
    )


def _checked(address: str) -> str:
    """A plain address of the web; a fragment says nothing to a server."""
    return read_address(address.strip()).address
