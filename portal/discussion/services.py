"""Writing in a discussion. Every act asks the policy of the thing; every change counts up the discussion's cursor and rings it."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.policies import Decision, decide
from portal.accounts.models import User
from portal.audit.services import record
from portal.discussion.errors import DiscussionError, TooManyCommentsError
from portal.discussion.models import LONGEST_COMMENT, Comment, Discussion, Follow, Reaction
from portal.discussion.notifications import OF_DISCUSSIONS
from portal.discussion.registry import discussable_for
from portal.discussion.texts import clean_body
from portal.foundation.locking import lock_row
from portal.live.services import ring_listeners, ring_topics
from portal.notifications.services import withdraw_all
from portal.outbox.services import enqueue

POSTED = "discussion.comment_posted"
REMOVED = "discussion.comment_removed"
MOST_IN = {timedelta(minutes=1): 10, timedelta(days=1): 300}
SAME_AGAIN = timedelta(minutes=1)
LONGEST_REASON = 200


@transaction.atomic
def post_comment(*, actor: User, about: models.Model, body: str, parent: Comment | None = None) -> Comment:
    """Say something about a thing, or in reply to a comment; its author follows the discussion from then on.

    The same words sent again within a minute are the same comment. Refuses nothing said, too much said, and too much in too short a time.
    """
    discussable_for(type(about))
    _require(decide(actor, "view", about))
    _require(decide(actor, "comment", about))
    text = _checked(body)
    discussion = _locked(about)
    if parent is not None:
        parent = _locked_comment(parent)
        if parent.discussion_id != discussion.pk:
            raise PermissionDenied(_("This comment is about something else."))
        if parent.is_removed:
            raise DiscussionError(_("What you answer was removed meanwhile. Write a comment of your own instead."))
    root_id = parent.root_id if parent is not None else None
    recent = Comment.objects.filter(author=actor, created_at__gt=timezone.now() - SAME_AGAIN)
    twin = recent.readable().filter(discussion=discussion, parent_id=root_id, body=text).first()
    if twin is not None:
        return twin
    _refuse_flood(actor)
    _count_up(discussion, comments=1, places=0 if parent else 1)
    comment = Comment.objects.create(
        discussion=discussion,
        parent_id=root_id,
        answered=parent if parent is not None and parent.parent_id else None,
        author=actor,
        body=text,
        born_in=discussion.cursor,
        changed_in=discussion.cursor,
    )
    if root_id is not None:
        Comment.objects.filter(pk=root_id).update(reply_count=F("reply_count") + 1)
    Follow.objects.get_or_create(discussion=discussion, person=actor)
    record(actor, "comment.posted", comment)
    enqueue(POSTED, {"comment_id": comment.pk, "answered_id": parent.pk if parent is not None else None})
    return comment


@transaction.atomic
def edit_comment(*, actor: User, comment: Comment, body: str) -> Comment:
    """Change what one wrote oneself, as long as one may write there; the earlier words stay on record."""
    _require(decide(actor, "change", comment))
    text = _checked(body)
    discussion, comment = _locked_both(comment)
    _require(decide(actor, "change", comment))
    if comment.body == text:
        return comment
    before = comment.body
    _count_up(discussion)
    comment.body, comment.edited_at, comment.changed_in = text, timezone.now(), discussion.cursor
    comment.save(update_fields=["body", "edited_at", "changed_in"])
    record(actor, "comment.edited", comment, before={"body": before}, after={"body": text})
    return comment


@transaction.atomic
def remove_comment(*, actor: User, comment: Comment, reason: str = "") -> Comment:
    """Take away one's own words, or as a moderator another's, with a reason that the author is told. The place stays; the words are on record only."""
    reason = clean_body(reason)[:LONGEST_REASON]
    is_own = comment.author_id == actor.pk
    if not is_own and not reason:
        raise DiscussionError(_("Say why: the author is told, and the reason goes on record."))
    discussion, comment = _locked_both(comment)
    _require(decide(actor, "remove", comment))
    _count_up(discussion, comments=-1)
    comment.removed_at, comment.removed_by, comment.removal_reason, comment.changed_in = timezone.now(), actor, reason, discussion.cursor
    comment.save(update_fields=["removed_at", "removed_by", "removal_reason", "changed_in"])
    record(actor, "comment.removed", comment, before={"body": comment.body, "author": comment.author.name}, reason=reason)
    if not is_own:
        enqueue(REMOVED, {"comment_id": comment.pk})
    return comment


@transaction.atomic
def toggle_support(*, actor: User, comment: Comment, wanted: bool | None = None) -> bool:
    """Support what another wrote, or take that back; `wanted` says which, so that a double press does it once. Returns whether it is supported now."""
    _require(decide(actor, "support", comment))
    comment = _locked_comment(comment)
    _require(decide(actor, "support", comment))
    mine = Reaction.objects.filter(comment=comment, person=actor)
    is_supported = mine.exists()
    wanted = not is_supported if wanted is None else wanted
    if wanted and not is_supported:
        Reaction.objects.create(comment=comment, person=actor)
    elif not wanted and is_supported:
        mine.delete()
    if wanted is not is_supported:
        Comment.objects.filter(pk=comment.pk).update(support_count=F("support_count") + (1 if wanted else -1))
    return wanted


@transaction.atomic
def redraw_comment(comment: Comment) -> None:
    """For the module whose `comment_extras` say something else of a comment now, in its transaction: open pages draw it anew."""
    discussion, comment = _locked_both(comment)
    _count_up(discussion)
    comment.changed_in = discussion.cursor
    comment.save(update_fields=["changed_in"])


@transaction.atomic
def follow(*, actor: User, about: models.Model) -> None:
    """Be told of new comments."""
    discussable_for(type(about))
    _require(decide(actor, "view", about))
    Follow.objects.get_or_create(discussion=_row_of(about), person=actor)


@transaction.atomic
def unfollow(*, actor: User, about: models.Model) -> None:
    """Be told of nothing there any more, answers to oneself excepted."""
    Follow.objects.filter(discussion__in=Discussion.objects.of(about), person=actor).delete()


@transaction.atomic
def withdraw_bells(about: models.Model) -> None:
    """For the module whose thing is no longer shown: bells forget what was said there."""
    withdraw_all(bell_addresses(about), kinds=OF_DISCUSSIONS)


def bell_addresses(about: models.Model) -> list[str]:
    """To where the bells lead that tell of what was said about a thing."""
    discussion = Discussion.objects.of(about).first()
    if discussion is None:
        return []
    comments = Comment.objects.filter(discussion=discussion).values_list("pk", flat=True)
    thread = reverse("discussion:thread", args=[discussion.about_type_id, discussion.about_id])
    return [thread, *(reverse("discussion:comment_detail", args=[pk]) for pk in comments)]


@transaction.atomic
def delete_discussion(*, actor: User | None, about: models.Model) -> None:
    """For the module that deletes the thing for good, in its transaction: nothing remains but the record."""
    discussion = Discussion.objects.of(about).first()
    if discussion is not None:
        record(actor, "discussion.deleted", discussion, before={"about": str(about)[:200], "comments": discussion.comment_count})
        discussion.delete()


def ask_listeners_again(about: models.Model) -> None:
    """For the module that has changed who may see the thing, in its transaction: open pages ask again whether they may listen."""
    ring_listeners([Discussion(about_type=ContentType.objects.get_for_model(about), about_id=about.pk).topic])


def _require(decision: Decision) -> None:
    if not decision:
        raise PermissionDenied(decision.rule)


def _checked(body: str) -> str:
    text = clean_body(body)
    if not text:
        raise DiscussionError(_("Write something first."))
    if len(text) > LONGEST_COMMENT:
        figures = {"length": len(text), "most": LONGEST_COMMENT}
        raise DiscussionError(_("This is too long: %(length)s characters, at most %(most)s. Shorten it, or write it in two.") % figures)
    return text


def _refuse_flood(actor: User) -> None:
    for period, most in MOST_IN.items():
        if Comment.objects.filter(author=actor, created_at__gt=timezone.now() - period).count() >= most:
            raise TooManyCommentsError(_("You have written a great deal in a short time. Wait a little and send it again; what you typed is kept."))


def _row_of(about: models.Model) -> Discussion:
    discussion, _created = Discussion.objects.get_or_create(about_type=ContentType.objects.get_for_model(about), about_id=about.pk)
    return discussion


def _locked(about: models.Model) -> Discussion:
    return Discussion.objects.select_for_update().get(pk=_row_of(about).pk)


def _locked_comment(comment: Comment) -> Comment:
    return lock_row(Comment.objects.select_related("author", "discussion"), comment.pk)


def _locked_both(comment: Comment) -> tuple[Discussion, Comment]:
    discussion = Discussion.objects.select_for_update().get(pk=comment.discussion_id)
    return discussion, _locked_comment(comment)


def _count_up(discussion: Discussion, *, comments: int = 0, places: int = 0) -> None:
    """The row is locked, so its figures are true."""
    discussion.cursor += 1
    discussion.comment_count += comments
    discussion.place_count += places
    discussion.save(update_fields=["cursor", "comment_count", "place_count"])
    ring_topics({discussion.topic: discussion.cursor})
