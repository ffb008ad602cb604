"""Telling people, and noting what they have read."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from portal.access.policies import policy_for, viewers_of
from portal.access.readers import NOBODY, HasReaders
from portal.accounts.models import User
from portal.live.services import ring_topics
from portal.notifications.models import Notification, Withdrawal
from portal.notifications.registry import NotificationKind, subject_of
from portal.outbox.services import enqueue

DELIVERY = "notifications.deliver"
RINGING = "notifications.ring"
WRITERS_LOCK = 482202
BATCH = 2_000
MOST_RUNG_AT_ONCE = 200
KEPT_READ = timedelta(days=180)
KEPT = timedelta(days=730)


def notify(
    kind: NotificationKind,
    *,
    words: Mapping[str, Any],
    about: models.Model | None = None,
    recipients: Iterable[int] | None = None,
    url: str = "",
    actor: Any = None,
    needs: Collection[str] | None = None,
    at_its_page: bool = False,
) -> None:
    """Tell people of something once the caller's transaction has committed.

    With `about`, the policy is asked when it is sent: only those of the recipients who may see it then are told (S5), and all
    who may see it where no recipients are given; the words are those of the thing as it is then. With `needs`, whoever holds none of these tokens
    is not told, and is shown nothing from the moment on in which the last one is lost. The actor is not told of their own act.
    `at_its_page` leads to the thing's own page, whose address is asked for at the delivery: the site of who writes may have no such page.
    """
    if about is None and recipients is None:
        raise ValueError("say who is to be told, or what it is about")
    if about is None and needs is None and not kind.asks_nothing:
        raise ValueError(f"say what {kind.code} is about, or what its reader needs to hold")
    kind.say(words)
    enqueue(
        DELIVERY,
        {
            "delivery": str(uuid.uuid4()),
            "kind": kind.code,
            "words": dict(words),
            "url": url,
            "at_its_page": at_its_page,
            "model": about._meta.label_lower if about is not None else "",
            "object_id": about.pk if about is not None else None,
            "recipients": sorted(set(recipients)) if recipients is not None else None,
            "actor_id": actor.pk if actor is not None else None,
            "needs": sorted(needs) if needs is not None else None,
            "asked_at": timezone.now().isoformat(),
        },
    )


def deliver(payload: Mapping[str, Any]) -> int:
    """Write the rows of one `notify` and ring their people; return how many were told. Doing it again tells nobody twice."""
    with transaction.atomic():
        # What the thing says and who may see it is read as the only writer: a correction waits for that, and renews the rows afterwards.
        _become_the_only_writer()
        about = _about(payload)
        if _was_withdrawn(payload) or (payload["model"] and about is None):
            return 0
        ids = list(_recipients(payload, about).order_by("pk").values_list("pk", flat=True))
        told = 0
        for start in range(0, len(ids), BATCH):
            told += _write_rows(payload, about, ids[start : start + BATCH])
        cursor = Notification.objects.filter(delivery=payload["delivery"]).order_by("-pk").values_list("pk", flat=True).first() or 0
        ring_topics({bell_topic(user_id): cursor for user_id in ids})
    return told


def _recipients(payload: Mapping[str, Any], about: Any) -> models.QuerySet[User]:
    people = User.objects.active() if about is None else viewers_of(about)
    if payload["recipients"] is not None:
        people = people.filter(pk__in=payload["recipients"])
    if payload.get("needs") is not None:
        people = people.filter(stored_standing__tokens__overlap=payload["needs"])
    if payload["actor_id"] is not None:
        people = people.exclude(pk=payload["actor_id"])
    return people


@transaction.atomic
def mark_read(user: User, *, until: int | None = None, pk: int | None = None) -> int:
    """Note as read one notification, or all up to a cursor; other tabs and machines follow. Returns how many were unread."""
    unread = Notification.objects.filter(recipient=user).unread()
    unread = unread.filter(pk=pk) if pk is not None else unread.filter(pk__lte=until or 0)
    count = unread.update(read_at=timezone.now())
    if count:
        ring_topics({bell_topic(user.pk): 0})
    return count


def withdraw(about_url: str, *, kind: NotificationKind) -> int:
    """Take back what was told of a thing that is gone (retracted, deleted); return from how many people."""
    return withdraw_all([about_url], kinds=[kind])


@transaction.atomic
def withdraw_all(urls: Collection[str], *, kinds: Collection[NotificationKind]) -> int:
    """The same for several addresses and kinds, also of what is just being told or lies in the outbox. The bells of many people are rung by a worker."""
    _become_the_only_writer()
    Withdrawal.objects.bulk_create(
        [Withdrawal(url=url, kind=kind.code) for url in sorted(set(urls)) for kind in kinds],
        update_conflicts=True,
        unique_fields=["url", "kind"],
        update_fields=["withdrawn_at"],
    )
    rows = Notification.objects.filter(url__in=urls, kind__in=[kind.code for kind in kinds])
    recipients = sorted(set(rows.values_list("recipient_id", flat=True)))
    rows.delete()
    _ring_many(recipients)
    return len(recipients)


@transaction.atomic
def renew_bells(about: models.Model, urls: Collection[str], *, kinds: Collection[NotificationKind]) -> None:
    """A thing was changed: what was told of it under these addresses says what it says now, as long as it is shown, to those alone for whom it is now."""
    _become_the_only_writer()
    rows = Notification.objects.filter(url__in=urls, kind__in=[kind.code for kind in kinds], needs__isnull=True)
    subject = subject_of(type(about))
    now, ends_at = (subject.words(about), subject.ends_at(about)) if subject is not None else ({}, None)
    rule = _rule_of(about) | {"ends_at": ends_at}
    concerned: set[int] = set()
    for kept in list(rows.order_by().values("words", *rule).distinct()):
        said = kept["words"] | {name: word for name, word in now.items() if name in kept["words"]}
        if (wanted := rule | {"words": said}) != kept:
            those = rows.filter(**kept)
            concerned.update(those.values_list("recipient_id", flat=True))
            those.update(**wanted)
    _ring_many(sorted(concerned))


def ring_bells(user_ids: Iterable[int]) -> None:
    """Make these people's open pages ask what is in their bells, once the transaction has committed."""
    ring_topics({bell_topic(user_id): 0 for user_id in user_ids})


def forget_old() -> int:
    """Remove what was read half a year ago and everything after two years; return how many rows."""
    now = timezone.now()
    Withdrawal.objects.filter(withdrawn_at__lt=now - KEPT_READ).delete()
    count, _by_model = Notification.objects.filter(models.Q(read_at__lt=now - KEPT_READ) | models.Q(created_at__lt=now - KEPT)).delete()
    return count


def bell_topic(user_id: int) -> str:
    return f"bell:{user_id}"


def _ring_many(recipients: list[int]) -> None:
    if len(recipients) > MOST_RUNG_AT_ONCE:
        enqueue(RINGING, {"recipients": recipients})
    else:
        ring_bells(recipients)


def _rule_of(about: models.Model | None) -> dict[str, Any]:
    """Who may be shown what tells of a thing: those in its audience, and those of whom its policy says that they take part."""
    taking = policy_for(type(about)).taking_part(about) if about is not None else NOBODY
    has_readers = bool(taking.tokens) or isinstance(about, HasReaders)
    return {"audience_id": getattr(about, "audience_id", None), "readers": list(taking.tokens) if has_readers else None, "readers_level": taking.level}


def _was_withdrawn(payload: Mapping[str, Any]) -> bool:
    asked_at = payload.get("asked_at")
    return asked_at is not None and Withdrawal.objects.filter(url=payload["url"], kind=payload["kind"], withdrawn_at__gte=asked_at).exists()


def _about(payload: Mapping[str, Any]) -> Any:
    if not payload["model"]:
        return None
    return apps.get_model(payload["model"])._default_manager.filter(pk=payload["object_id"]).first()


def _become_the_only_writer() -> None:
    """Ids are given and become visible in one order, so that a reader who has seen a cursor has missed nothing below it (D6)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])


def _write_rows(payload: Mapping[str, Any], about: Any, user_ids: Sequence[int]) -> int:
    before = Notification.objects.filter(delivery=payload["delivery"], recipient__in=user_ids).count()
    words, ends_at, needs = payload["words"], None, payload.get("needs")
    subject = subject_of(type(about)) if about is not None else None
    if subject is not None and needs is None:
        words = words | {name: word for name, word in subject.words(about).items() if name in words}
        ends_at = subject.ends_at(about)
    rule = _rule_of(about if needs is None else None)
    url = about.get_absolute_url() if payload.get("at_its_page") and about is not None else payload["url"]
    Notification.objects.bulk_create(
        [
            Notification(
                recipient_id=user_id,
                kind=payload["kind"],
                delivery=payload["delivery"],
                words=words,
                url=url,
                **rule,
                needs=needs,
                ends_at=ends_at,
                actor_id=payload["actor_id"],
            )
            for user_id in user_ids
        ],
        ignore_conflicts=True,
    )
    return len(user_ids) - before
