"""What one is writing under one's name, kept as one types, for oneself alone."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from forum.models import LONGEST_POST, LONGEST_TITLE, Board, Draft, Post, Thread
from forum.services.common import lock_drafts, require
from forum.services.posts import SAME_AGAIN
from portal.foundation.rich_text import RichTextTooLongError, clean_html, picture_ids, to_text


@transaction.atomic
def save_draft(*, actor: Any, board: Board, thread: Thread | None, title: str = "", body: str = "") -> bool:
    """Keep it, or forget it where nothing is left of it; whether it is kept. What was sent a moment ago, or its beginning, is no draft any more.

    What is too long is none.
    """
    require(actor, "reply" if thread is not None else "post", thread or board)
    try:
        body, title = clean_html(body), " ".join(title.split())[:LONGEST_TITLE] if thread is None else ""
    except RichTextTooLongError:
        return False
    if len(body) > LONGEST_POST:
        return False
    text = to_text(body).strip()
    if not title and not text and not picture_ids(body):
        drop_draft(actor, board, thread)
        return False
    lock_drafts(actor)
    now = timezone.now()
    sent = Post.objects.filter(author=actor, created_at__gt=now - SAME_AGAIN, thread__board=board).values_list("body", flat=True)
    if any(one == body or (text and to_text(one).strip().startswith(text)) for one in sent):
        return False
    Draft.objects.update_or_create(person=actor, thread=thread, board=board, defaults={"title": title, "body": body, "saved_at": now})
    return True


def drop_draft(person: Any, board: Board, thread: Thread | None) -> None:
    Draft.objects.filter(person=person, thread=thread, **({"board": board} if thread is None else {})).delete()


def draft_of(person: Any, board: Board) -> Draft | None:
    """Of a new thread on this board."""
    return Draft.objects.filter(person=person, board=board, thread=None).first()
