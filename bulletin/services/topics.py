"""Topics: adopting suggestions, saying what became of them, closing with a summary."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletin.models import Adoption, Notice
from bulletin.models.topics import LONGEST_ANSWER
from bulletin.notifications import ADOPTED, SUGGESTION_DONE, TOPIC_CLOSED, TOPIC_UNCLOSED
from bulletin.policies import publishers_of
from bulletin.publishing import tokens_of_publishers
from portal.access.policies import decide
from portal.audit.services import record, snapshot
from portal.discussion.models import Comment, Discussion, Follow, Reaction
from portal.discussion.services import redraw_comment
from portal.notifications.services import notify, withdraw
from portal.outbox.models import Effect
from portal.outbox.services import enqueue
from portal.pages.drafts import lock_page
from portal.pages.errors import PageStateError
from portal.search.services import touch

TOPIC_END_DUE = "bulletin.topic_end_due"
LONGEST_SUMMARY = 4_000
LONGEST_QUOTATION = 60
RECORDED = ("what_will_be_done", "due_on", "what_was_done", "done_at")


@transaction.atomic
def adopt_suggestion(comment: Comment, *, what_will_be_done: str, due_on: date | None = None, actor: Any) -> Adoption:
    """Say that the department takes it up, and what it will do; or say it in other words. Its author and supporters are told the first time."""
    topic = _open_topic(comment, actor)
    words = what_will_be_done.strip()
    if not words:
        raise PageStateError(_("Say what will be done."))
    adoption = Adoption.objects.filter(comment=comment.pk).first()
    if due_on is not None and due_on < timezone.localdate() and (adoption is None or adoption.due_on != due_on):
        raise PageStateError(_("This day has passed. Choose a later one."))
    if adoption is not None:
        before = snapshot(adoption, *RECORDED)
        adoption.what_will_be_done, adoption.due_on = words[:LONGEST_ANSWER], due_on
        adoption.save(update_fields=["what_will_be_done", "due_on"])
        record(actor, "suggestion.adoption_changed", topic, before=before | {"comment": comment.pk}, after=snapshot(adoption, *RECORDED))
        redraw_comment(comment)
        return adoption
    stored = Comment.objects.get(pk=comment.pk)
    if stored.is_removed:
        raise PageStateError(_("The suggestion was removed meanwhile."))
    adoption = Adoption.objects.create(notice=topic, comment=stored, what_will_be_done=words[:LONGEST_ANSWER], due_on=due_on, adopted_by=actor)
    record(actor, "suggestion.adopted", topic, after=snapshot(adoption, *RECORDED) | {"comment": stored.pk})
    redraw_comment(stored)
    notify(ADOPTED, words=_words(topic, stored), about=topic, recipients=_interested(stored), url=_url(stored), actor=actor)
    return adoption


@transaction.atomic
def withdraw_adoption(adoption: Adoption, *, actor: Any) -> None:
    """Take it back while the topic is open; bells forget it, the record does not."""
    topic = _open_topic(adoption.comment, actor)
    stored = Adoption.objects.select_related("comment").filter(pk=adoption.pk).first()
    if stored is None:
        return
    record(actor, "suggestion.adoption_withdrawn", topic, before=snapshot(stored, *RECORDED) | {"comment": stored.comment_id})
    comment = stored.comment
    stored.delete()
    redraw_comment(comment)
    for kind in (ADOPTED, SUGGESTION_DONE):
        withdraw(_url(comment), kind=kind)


@transaction.atomic
def note_done(adoption: Adoption, *, what_was_done: str, actor: Any) -> Adoption:
    """Say what was done about it, before the topic is closed or after; or say it in other words. Those who wanted it are told the first time."""
    topic = _topic(adoption.comment, actor)
    words = what_was_done.strip()
    if not words:
        raise PageStateError(_("Say what was done."))
    stored = Adoption.objects.select_related("comment").filter(pk=adoption.pk).first()
    if stored is None:
        raise PageStateError(_("The adoption was taken back meanwhile."))
    before = snapshot(stored, *RECORDED)
    is_first = stored.done_at is None
    stored.what_was_done, stored.done_at = words[:LONGEST_ANSWER], stored.done_at or timezone.now()
    stored.save(update_fields=["what_was_done", "done_at"])
    record(actor, "suggestion.done", topic, before=before | {"comment": stored.comment_id}, after=snapshot(stored, *RECORDED))
    redraw_comment(stored.comment)
    if is_first:
        recipients = _interested(stored.comment)
        notify(SUGGESTION_DONE, words=_words(topic, stored.comment), about=topic, recipients=recipients, url=_url(stored.comment), actor=actor)
    return stored


@transaction.atomic
def close_topic(notice: Notice, *, summary: str, actor: Any) -> Notice:
    """Close a topic for good, on its last day or before, with what came of it. Those who follow it are told."""
    topic = _held(notice.pk, actor)
    said = summary.strip()[:LONGEST_SUMMARY]
    if not said:
        raise PageStateError(_("Say what came of it; those who made suggestions read it."))
    if topic.topic_closed_at is not None:
        raise PageStateError(_("The topic is closed already."))
    if topic.opens_on is not None and timezone.localdate() < topic.opens_on:
        raise PageStateError(_("The topic has not opened yet. Retract it, or correct its days."))
    Notice.objects.filter(pk=topic.pk).update(topic_closed_at=timezone.now(), topic_summary=said)
    record(actor, "topic.closed", topic, after={"summary": said, "adopted": topic.adoptions.count()})
    followers = Follow.objects.filter(discussion__in=Discussion.objects.of(topic)).values_list("person_id", flat=True)
    words = {"title": topic.title, "number": topic.adoptions.count()}
    notify(TOPIC_CLOSED, words=words, about=topic, recipients=followers, url=topic.get_absolute_url(), actor=actor)
    withdraw(topic.get_absolute_url(), kind=TOPIC_UNCLOSED)
    touch(Notice, [topic.pk])
    topic.refresh_from_db()
    return topic


def plan_topic_end(topic: Notice) -> None:
    """When its last day has passed, its publishers are asked to close it; once for each last day."""
    if topic.kind != Notice.Kind.TOPIC or topic.closes_on is None or topic.topic_closed_at is not None:
        return
    due_at = timezone.make_aware(datetime.combine(topic.closes_on + timedelta(days=1), time()))
    payload = {"notice": topic.pk, "closes_on": topic.closes_on.isoformat()}
    if due_at > timezone.now() and not Effect.objects.filter(kind=TOPIC_END_DUE, payload=payload).exists():
        enqueue(TOPIC_END_DUE, payload, due_at=due_at)


def tell_unclosed(notice_id: int, closes_on: str) -> None:
    """Ask the publishers to close a topic; nothing where it is closed, retracted, or was given another last day."""
    with transaction.atomic():
        topic = Notice.objects.filter(pk=notice_id, closes_on=date.fromisoformat(closes_on), topic_closed_at__isnull=True).first()
        if topic is not None and topic.is_current:
            recipients = list(publishers_of(topic.department_id).values_list("pk", flat=True))
            needs = tokens_of_publishers(topic.department_id)
            notify(TOPIC_UNCLOSED, words={"title": topic.title}, about=topic, recipients=recipients, url=topic.get_absolute_url(), needs=needs)


def _held(notice_id: int, actor: Any) -> Notice:
    """The topic, locked, with the right to act on it."""
    topic = Notice.objects.get(pk=notice_id)
    lock_page(topic)
    topic.refresh_from_db()
    decision = decide(actor, "close", topic)
    if not decision:
        raise PageStateError(str(decision.rule))
    if not topic.is_current:
        raise PageStateError(_("It is not published, or no longer."))
    return topic


def _topic(comment: Comment, actor: Any) -> Notice:
    about = comment.about
    if not isinstance(about, Notice):
        raise PageStateError(_("Suggestions are made on topics."))
    return _held(about.pk, actor)


def _open_topic(comment: Comment, actor: Any) -> Notice:
    topic = _topic(comment, actor)
    if topic.topic_closed_at is not None:
        raise PageStateError(_("The topic is closed; what was adopted stays as it is."))
    return topic


def _interested(comment: Comment) -> list[int]:
    """Who made the suggestion and who supports it."""
    return [comment.author_id, *Reaction.objects.filter(comment=comment).values_list("person_id", flat=True)]


def _words(topic: Notice, comment: Comment) -> dict[str, str]:
    said = " ".join(comment.body.split())
    return {"title": topic.title, "suggestion": said if len(said) <= LONGEST_QUOTATION else f"{said[: LONGEST_QUOTATION - 1]}…"}


def _url(comment: Comment) -> str:
    return reverse("discussion:comment_detail", args=[comment.pk])
