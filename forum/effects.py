"""Who is told, after commit; whether they may see it is asked when it is sent."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from forum.mentions import mentioned_in
from forum.models import Case, Follow, HeldPost, Mute, Post, Thread, ThreadRead
from forum.notifications import ANSWERED, EVERY_REPLY, HELD, HIDDEN, LET_THROUGH, MENTIONED, MOVED, MUTED, NOT_LET_THROUGH, QUOTED, REPLIED, REPORTED, RESTORED
from forum.policies import people_moderating
from forum.services import holding, masked, moderation, muting
from forum.services.posts import CALLED, POSTED
from portal.accounts.models import User
from portal.notifications.services import notify
from portal.outbox.registry import Payload, handler


@handler(POSTED)
def tell_of_post(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        post = _post(payload["post_id"])
        if post is not None and post.is_readable:
            called = _tell_mentioned(post, payload.get("called", ()))
            if post.number > 1:
                _tell_followers(post, called)


@handler(CALLED)
def tell_of_mention(payloads: Sequence[Payload]) -> None:
    """Whom an edit calls that the post did not call before."""
    for payload in payloads:
        post = _post(payload["post_id"])
        if post is not None and post.is_readable:
            _tell_mentioned(post, payload["person_ids"])


@handler(moderation.HIDDEN)
def tell_of_hiding(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        post = _post(payload["post_id"])
        if post is not None and post.is_hidden:
            words = {"title": post.thread.title, "reason": post.hidden_reason}
            notify(HIDDEN, words=words, about=post.thread, recipients=_named(post.author_id), url=post.get_absolute_url(), actor=post.hidden_by)


@handler(moderation.RESTORED)
def tell_of_restoring(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        post = _post(payload["post_id"])
        if post is not None and not post.is_hidden:
            words = {"title": post.thread.title, "reason": payload["reason"]}
            actor = User.objects.filter(pk=payload["actor_id"]).first()
            notify(RESTORED, words=words, about=post.thread, recipients=_named(post.author_id), url=post.get_absolute_url(), actor=actor)


@handler(moderation.REPORTED)
def tell_of_report(payloads: Sequence[Payload]) -> None:
    """The moderators of the board, but for whose post it is; who reported is named to nobody by the bell."""

    def tell(case: Case) -> None:
        report = case.reports.order_by("pk").first()
        thread = case.post.thread
        words = {"title": thread.title, "reason": report.reason if report else ""}
        recipients = people_moderating(thread.board).exclude(pk=case.post.author_id or 0).values_list("pk", flat=True)
        notify(REPORTED, words=words, about=case, recipients=list(recipients), url=reverse("forum:case", args=[case.pk]))

    _for_cases(payloads, tell)


@handler(masked.HELD)
def tell_of_held_post(payloads: Sequence[Payload]) -> None:
    for held in _held(payloads):
        if held.is_open:
            recipients = people_moderating(held.board).exclude(pk=held.author_id or 0).values_list("pk", flat=True)
            notify(HELD, words={"title": held.label, "words": held.words}, about=held, recipients=list(recipients), url=held.get_absolute_url())


@handler(holding.DECIDED)
def tell_of_held_post_decided(payloads: Sequence[Payload]) -> None:
    for held in _held(payloads):
        if held.post is not None:
            notify(LET_THROUGH, words={"title": held.label}, about=held.post, recipients=_named(held.author_id), url=held.post.get_absolute_url())
        else:
            words = {"title": held.label, "reason": held.answer}
            notify(NOT_LET_THROUGH, words=words, about=held, recipients=_named(held.author_id), url=held.get_absolute_url(), actor=held.decided_by)


@handler(moderation.CLOSED)
def tell_of_decision(payloads: Sequence[Payload]) -> None:
    def tell(case: Case) -> None:
        thread = case.post.thread
        reporters = list(case.reports.values_list("person_id", flat=True))
        words = {"title": thread.title, "reason": case.answer}
        notify(ANSWERED, words=words, about=thread, recipients=reporters, url=case.post.get_absolute_url(), actor=case.closed_by)

    _for_cases(payloads, tell)


@handler(moderation.MOVED)
def tell_of_move(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        thread = Thread.objects.select_related("board").filter(pk=payload["thread_id"]).first()
        if thread is not None:
            actor = User.objects.filter(pk=payload["actor_id"]).first()
            words = {"title": thread.title, "board": thread.board.name}
            notify(MOVED, words=words, about=thread, recipients=_named(thread.author_id), url=thread.get_absolute_url(), actor=actor)


@handler(muting.MUTED)
def tell_of_mute(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        mute = Mute.objects.filter(pk=payload["mute_id"], person__isnull=False, lifted_at__isnull=True).first()
        if mute is not None:
            words = {"until": f"{timezone.localtime(mute.until):%Y-%m-%d %H:%M}", "reason": mute.reason}
            notify(MUTED, words=words, recipients=_named(mute.person_id), url=reverse("forum:front"))


def _tell_mentioned(post: Post, called: Sequence[int]) -> set[int]:
    """Of them, those who are called still, and want to hear of this thread. Whoever calls themselves under a mask is told too: nobody knows who it is."""
    if not called:
        return set()
    muted = Follow.objects.filter(thread=post.thread, level=Follow.Level.MUTED, person__in=called)
    still = mentioned_in(post.body, post.thread).ids.intersection(called)
    told = still - set(muted.values_list("person_id", flat=True)) - {post.author_id}
    if told:
        notify(MENTIONED, words=_words_of(post), about=post, recipients=told, url=post.get_absolute_url(), actor=post.author)
    return told


def _tell_followers(post: Post, called: set[int]) -> None:
    thread = post.thread
    words = _words_of(post)
    levels = dict(Follow.objects.filter(thread=thread, since__lte=post.created_at).values_list("person_id", "level"))
    answered = set(_named(post.quoted.author_id)) if post.quoted is not None else set()
    answered -= {post.author_id, *called, *(person for person, level in levels.items() if level == Follow.Level.MUTED)}
    if answered:
        notify(QUOTED, words=words, about=post, recipients=answered, url=post.get_absolute_url(), actor=post.author)
    told = {*_named(post.author_id), *answered, *called}
    closely = {person for person, level in levels.items() if level == Follow.Level.ALL} - told
    if closely:
        notify(EVERY_REPLY, words=words, about=post, recipients=closely, url=post.get_absolute_url(), actor=post.author)
    # One row in the bell for each thread until it was read, however lively it is.
    read = ThreadRead.objects.filter(thread=thread, person=OuterRef("person")).values("number")[:1]
    waiting = Follow.objects.filter(thread=thread, level=Follow.Level.NEWS, since__lte=post.created_at).exclude(person__in=told)
    ripe = waiting.filter(told_number__lte=Coalesce(Subquery(read), 0), told_number__lt=post.number)
    followers = list(ripe.values_list("person_id", flat=True))
    if followers:
        Follow.objects.filter(thread=thread, person__in=followers).update(told_number=post.number)
        notify(REPLIED, words=words, about=thread, recipients=followers, url=f"{thread.get_absolute_url()}?new", actor=post.author)


def _words_of(post: Post) -> dict[str, str]:
    with override(settings.LANGUAGE_CODE):
        return {"title": post.thread.title, "person": post.author_name}


def _named(author_id: int | None) -> list[int]:
    """Whoever spoke under a mask is told of nothing: a row with their name would give them away."""
    return [] if author_id is None else [author_id]


def _held(payloads: Sequence[Payload]) -> list[HeldPost]:
    rows = HeldPost.objects.select_related("board__duty", "thread", "decided_by", "post__thread__board")
    return list(rows.filter(pk__in=[payload["held_id"] for payload in payloads]).order_by("pk"))


def _for_cases(payloads: Sequence[Payload], tell: Callable[[Case], None]) -> None:
    for payload in payloads:
        case = Case.objects.select_related("post__thread__board", "closed_by").filter(pk=payload["case_id"]).first()
        if case is not None:
            tell(case)


def _post(pk: int) -> Post | None:
    return Post.objects.select_related("author", "thread__board", "quoted", "hidden_by").filter(pk=pk).first()
