"""What is sent twice is done once: a page carries a key, and who sends it again is answered with what the first time made."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from portal.foundation.models import SentForm

FIELD = "form_key"
KEPT_FOR = timedelta(days=7)
CLAIM = """
    INSERT INTO foundation_sentform (sender, key, digest, answer, sent_at) VALUES (%s, %s, %s, '', now())
    ON CONFLICT (sender, key) DO NOTHING RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """`is_new` says that it was done now; `is_same` that the earlier sending said the same."""

    answer: str
    is_new: bool
    is_same: bool = True


def new_key() -> str:
    return str(uuid4())


def key_in(request: HttpRequest) -> UUID | None:
    """The key that the page carried; None for a page of another making."""
    try:
        return UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def do_once(request: HttpRequest, act: Callable[[], str]) -> Sent:
    """Call `act`, which returns the address of what it made, unless this key was carried out before.

    Both stand in one transaction: a second sending at the same moment waits for the first, and after a failure the key is free again.
    """
    key = key_in(request)
    if key is None:
        return Sent(act(), is_new=True)
    sender, digest = request.user.pk or 0, _digest(request)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, [sender, key, digest])
            claimed = cursor.fetchone()
        if claimed is None:
            earlier = SentForm.objects.get(sender=sender, key=key)
            return Sent(earlier.answer, is_new=False, is_same=earlier.digest == digest)
        answer = act()
        SentForm.objects.filter(pk=claimed[0]).update(answer=answer)
    return Sent(answer, is_new=True)


def forget_old_forms() -> int:
    """Nobody goes back to a page of last week; returns how many were forgotten."""
    return SentForm.objects.filter(sent_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _digest(request: HttpRequest) -> str:
    """Of all that was sent, but for what each page gets anew."""
    digest = hashlib.sha256()
    for name in sorted(request.POST):
        if name not in {"csrfmiddlewaretoken", FIELD}:
            digest.update(repr((name, request.POST.getlist(name))).encode())
    for name in sorted(request.FILES):
        digest.update(repr((name, [(file.name, file.size) for file in request.FILES.getlist(name)])).encode())
    return digest.hexdigest()
