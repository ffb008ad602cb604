"""Who is told of a comment, after commit; whether they may see the thing is asked when it is sent."""

from collections.abc import Sequence

from django.urls import reverse

from portal.discussion.models import Comment, Follow
from portal.discussion.notifications import ANSWERED, COMMENTED, REMOVED
from portal.discussion.registry import discussable_for
from portal.discussion.services import POSTED
from portal.discussion.services import REMOVED as REMOVAL
from portal.notifications.models import Notification
from portal.notifications.services import notify
from portal.outbox.registry import Payload, handler

LONGEST_TITLE = 120


@handler(POSTED)
def tell_of_comment(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        comment = _comment(payload["comment_id"])
        if comment is not None and not comment.is_removed:
            _tell_of_comment(comment, payload["answered_id"])


@handler(REMOVAL)
def tell_of_removal(payloads: Sequence[Payload]) -> None:
    for payload in payloads:
        comment = _comment(payload["comment_id"])
        about = comment.about if comment is not None else None
        if comment is not None and about is not None:
            words = {"title": _title(about), "reason": comment.removal_reason}
            notify(REMOVED, words=words, about=about, recipients=[comment.author_id], url=_url(comment), actor=comment.removed_by)


def _tell_of_comment(comment: Comment, answered_id: int | None) -> None:
    about = comment.about
    if about is None:
        return
    words = {"title": _title(about), "person": comment.author.name}
    answered = Comment.objects.filter(pk=answered_id).values_list("author_id", flat=True).first() if answered_id else None
    if answered is not None:
        notify(ANSWERED, words=words, about=about, recipients=[answered], url=_url(comment), actor=comment.author)
    following = Follow.objects.filter(discussion=comment.discussion, created_at__lt=comment.created_at)  # not of what was there before
    followers = set(following.values_list("person_id", flat=True)) - {answered, comment.author_id}
    url = reverse("discussion:thread", args=[comment.discussion.about_type_id, comment.discussion.about_id])
    # One row in the bell for each discussion until it is read, however lively it is.
    waiting = Notification.objects.filter(kind=COMMENTED.code, url=url, read_at__isnull=True, recipient__in=followers)
    followers -= set(waiting.values_list("recipient_id", flat=True))
    if followers:
        notify(COMMENTED, words=words, about=about, recipients=followers, url=url, actor=comment.author)


def _comment(pk: int) -> Comment | None:
    return Comment.objects.select_related("author", "discussion", "removed_by").filter(pk=pk).first()


def _title(about: object) -> str:
    return discussable_for(type(about)).label(about)[:LONGEST_TITLE]  # type: ignore[arg-type]  # a model


def _url(comment: Comment) -> str:
    return reverse("discussion:comment_detail", args=[comment.pk])
