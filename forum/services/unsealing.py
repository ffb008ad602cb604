"""Opening a seal: asked for by an officer of one side with a reason, agreed to by one of the other within three days, then opened by both, on record.

The record says who opened which seal, when and why, never whose name it was; that is shown to each side once. Keys are made and handed on here too.
"""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.errors import DecidedError, ForumError
from forum.models import LONGEST_REASON, Ceremony, KeyShare, Post, RoleKey
from forum.policies import officer_role
from forum.sealing.envelopes import (
    Opened,
    SealError,
    decrypt_with,
    encrypt_for,
    half_of,
    new_role_key,
    open_box,
    read_record,
    unwrap_key,
    wrap_key,
)
from forum.sealing.models import LONGEST_REFERENCE, Role
from forum.services.masked import seal_digest
from portal.audit.models import AuditRecord
from portal.audit.services import record
from portal.discussion.texts import clean_body
from portal.foundation.locking import lock_row

ANSWERED_WITHIN = timedelta(hours=72)
SHORTEST_PASSPHRASE = 12
State = Ceremony.State


@transaction.atomic
def make_role_key(*, actor: Any, passphrase: str) -> str:
    """A key for the actor's side, under their passphrase and under a code that is returned once, to be printed and locked away. An earlier key is retired:
    posts that were sealed under it are opened by those who have a share of it."""
    role = require_role(actor)
    passphrase = _checked_passphrase(passphrase)
    RoleKey.objects.select_for_update().filter(role=role, retired_at__isnull=True).update(retired_at=timezone.now())
    public, private = new_role_key()
    key = RoleKey.objects.create(role=role, public=public)
    code = "-".join(secrets.token_hex(3) for _turn in range(6))
    for officer, secret in ((actor, passphrase), (None, code)):
        salt, wrapped = wrap_key(private, secret)
        KeyShare.objects.create(key=key, officer=officer, salt=salt, wrapped=wrapped)
    record(actor, "seal_key.made", key, after={"role": role})
    return code


@transaction.atomic
def take_share(*, actor: Any, code: str, passphrase: str) -> None:
    """Another officer of the side opens the key with the printed code, and keeps a share under their own passphrase. So is a lost one mended."""
    role = require_role(actor)
    passphrase = _checked_passphrase(passphrase)
    taken = []
    for key in RoleKey.objects.filter(role=role).order_by("id"):
        printed = KeyShare.objects.filter(key=key, officer__isnull=True).first()
        private = _unwrapped(printed, code) if printed is not None else None
        if private is not None:
            salt, wrapped = wrap_key(private, passphrase)
            KeyShare.objects.update_or_create(key=key, officer=actor, defaults={"salt": salt, "wrapped": wrapped})
            taken.append(key)
    if not taken:
        raise ForumError(_("No key of your side opens with this code. Copy it from the sealed envelope, with its hyphens."))
    for key in taken:
        record(actor, "seal_key.shared", key, after={"role": role})


@transaction.atomic
def ask_to_unseal(*, actor: Any, post: Post, reason: str, reference: str) -> Ceremony:
    """An officer asks for the author of one post. Refuses without reason and file number, and where it was asked for already."""
    role = require_role(actor)
    if not post.is_masked:
        raise ForumError(_("This post was written under a name."))
    reason, reference = clean_body(reason)[:LONGEST_REASON], clean_body(reference)[:LONGEST_REFERENCE]
    if not reason or not reference:
        raise ForumError(_("Say why, and under which file number: both go on record."))
    _let_expire(post)
    try:
        with transaction.atomic():
            ceremony = Ceremony.objects.create(post=post, asker_role=role, reason=reason, reference=reference, asked_by=actor)
    except IntegrityError:
        raise DecidedError(_("The author of this post has been asked for already; that has to come to its end first.")) from None
    record(actor, "unsealing.asked", post, after={"reference": reference}, reason=reason)
    return ceremony


@transaction.atomic
def answer_unsealing(*, actor: Any, ceremony: Ceremony, is_agreed: bool) -> Ceremony:
    """An officer of the other side agrees or refuses, once."""
    ceremony = _locked(ceremony)
    role = require_role(actor)
    if role == ceremony.asker_role:
        raise PermissionDenied(_("An officer of the other side answers this."))
    if ceremony.state != State.ASKED:
        raise DecidedError(_("Somebody else was first: %(state)s.") % {"state": ceremony.get_state_display()})
    if is_agreed and is_expired(ceremony):
        raise ForumError(_("This was asked for more than three days ago. It has to be asked for anew."))
    ceremony.state, ceremony.answered_by, ceremony.answered_at = State.AGREED if is_agreed else State.REFUSED, actor, timezone.now()
    ceremony.save(update_fields=["state", "answered_by", "answered_at"])
    verb = "unsealing.agreed" if is_agreed else "unsealing.refused"
    record(actor, verb, ceremony.post, after={"reference": ceremony.reference}, reason=ceremony.reason)
    return ceremony


@transaction.atomic
def pass_half(*, actor: Any, ceremony: Ceremony, passphrase: str) -> Ceremony:
    """The asking side opens its half, for the other side and this ceremony alone."""
    ceremony = _locked(ceremony)
    if require_role(actor) != ceremony.asker_role:
        raise PermissionDenied(_("The side that asked opens its half first."))
    if ceremony.state != State.AGREED:
        raise DecidedError(_("Somebody else was first: %(state)s.") % {"state": ceremony.get_state_display()})
    box, own, other = _seal_of(ceremony, ceremony.asker_role)
    half = _opened(_private_of(own, actor, passphrase), half_of(box, is_first=ceremony.asker_role == Role.FIRST), _bound_to(ceremony.post))
    ceremony.passed, ceremony.state = encrypt_for(bytes(other.public), half, ceremony.uuid), State.PASSED
    ceremony.save(update_fields=["passed", "state"])
    record(actor, "unsealing.passed", ceremony.post, after={"reference": ceremony.reference}, reason=ceremony.reason)
    return ceremony


@transaction.atomic
def open_seal(*, actor: Any, ceremony: Ceremony, passphrase: str) -> Opened:
    """The other side opens the seal and sees the author; the result is kept for the asking side, sealed, until it has seen it once."""
    ceremony = _locked(ceremony)
    role = require_role(actor)
    if role == ceremony.asker_role:
        raise PermissionDenied(_("An officer of the other side opens the seal."))
    if ceremony.state != State.PASSED or ceremony.passed is None:
        raise DecidedError(_("Somebody else was first: %(state)s.") % {"state": ceremony.get_state_display()})
    box, own, other = _seal_of(ceremony, role)
    private = _private_of(own, actor, passphrase)
    handed = _opened(private, bytes(ceremony.passed), ceremony.uuid)
    mine = _opened(private, half_of(box, is_first=role == Role.FIRST), _bound_to(ceremony.post))
    first, second = (mine, handed) if role == Role.FIRST else (handed, mine)
    try:
        result = open_box(box, first, second, _bound_to(ceremony.post))
    except SealError:
        raise ForumError(_("The seal does not open: it is not that of this post. Tell those who keep the portal; the record says what it was.")) from None
    ceremony.state, ceremony.opened_at, ceremony.passed = State.OPENED, timezone.now(), None
    ceremony.for_asker = encrypt_for(bytes(other.public), result, ceremony.uuid)
    ceremony.save(update_fields=["state", "opened_at", "passed", "for_asker"])
    after = {"reference": ceremony.reference, "unchanged": is_unchanged(ceremony.post, box)}
    record(actor, "unsealing.opened", ceremony.post, after=after, reason=ceremony.reason)
    return read_record(result)


@transaction.atomic
def see_result(*, actor: Any, ceremony: Ceremony, passphrase: str) -> Opened:
    """The asking side sees the author, once."""
    ceremony = _locked(ceremony)
    role = require_role(actor)
    if role != ceremony.asker_role:
        raise PermissionDenied(_("This is kept for the side that asked."))
    if ceremony.state != State.OPENED or ceremony.for_asker is None:
        raise DecidedError(_("The result was seen already. It is shown once."))
    share = KeyShare.objects.select_related("key").filter(key__role=role, officer=actor)
    result = next((found for one in share if (found := _tried(one, passphrase, bytes(ceremony.for_asker), ceremony.uuid)) is not None), None)
    if result is None:
        raise ForumError(_wrong_passphrase())
    ceremony.for_asker = None
    ceremony.save(update_fields=["for_asker"])
    record(actor, "unsealing.seen", ceremony.post, after={"reference": ceremony.reference}, reason=ceremony.reason)
    return read_record(result)


def require_role(actor: Any) -> str:
    role = officer_role(actor)
    if role is None:
        raise PermissionDenied(_("Seals are opened by officers of the two sides alone; who moderates or keeps the portal is none."))
    return role


def is_expired(ceremony: Ceremony) -> bool:
    return bool(ceremony.state == State.ASKED and ceremony.asked_at + ANSWERED_WITHIN < timezone.now())


def is_unchanged(post: Post, box: bytes) -> bool:
    """Whether seal and text are those of the moment of release, as the record has them."""
    kept = AuditRecord.objects.filter(verb="post.released", object_type="forum.post", object_id=str(post.pk)).order_by("pk").first()
    return kept is not None and kept.after.get("seal") == seal_digest(box, post.body)


def unsealed_in(year: int) -> int:
    """How many authors were unsealed in a year: everyone is told."""
    return Ceremony.objects.filter(opened_at__year=year).count()


def _let_expire(post: Post) -> None:
    late = Ceremony.objects.filter(post=post, state=State.ASKED, asked_at__lt=timezone.now() - ANSWERED_WITHIN)
    late.update(state=State.REFUSED)


def _locked(ceremony: Ceremony) -> Ceremony:
    return lock_row(Ceremony.objects.select_related("post__thread__board", "asked_by"), ceremony.pk)


def _seal_of(ceremony: Ceremony, role: str) -> tuple[bytes, RoleKey, RoleKey]:
    """The box, the key of this side under which it was sealed, and that of the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT box, first_key, second_key FROM forum_open_seal(%s)", [ceremony.uuid])
        box, first, second = cursor.fetchone()
    keys = RoleKey.objects.in_bulk([first, second])
    return (bytes(box), keys[first], keys[second]) if role == Role.FIRST else (bytes(box), keys[second], keys[first])


def _private_of(key: RoleKey, actor: Any, passphrase: str) -> bytes:
    share = KeyShare.objects.filter(key=key, officer=actor).first()
    if share is None:
        raise ForumError(
            _("You have no share of the key under which this post was sealed. Take one with the printed code, or ask another officer of your side.")
        )
    private = _unwrapped(share, passphrase)
    if private is None:
        raise ForumError(_wrong_passphrase())
    return private


def _bound_to(post: Post) -> UUID:
    """What its seal is bound to."""
    if post.uuid is None:
        raise ForumError(_("This post was written under a name."))
    return post.uuid


def _unwrapped(share: KeyShare, secret: str) -> bytes | None:
    try:
        return unwrap_key(bytes(share.salt), bytes(share.wrapped), secret)
    except SealError:
        return None


def _tried(share: KeyShare, passphrase: str, content: bytes, context: UUID) -> bytes | None:
    private = _unwrapped(share, passphrase)
    try:
        return None if private is None else decrypt_with(private, content, context)
    except SealError:
        return None


def _opened(private: bytes, content: bytes, context: UUID) -> bytes:
    try:
        return decrypt_with(private, content, context)
    except SealError:
        raise ForumError(_("The seal does not open: it is not that of this post. Tell those who keep the portal; the record says what it was.")) from None


def _wrong_passphrase() -> str:
    return _("The passphrase is not right. Who has lost it takes a share anew with the printed code; without both, what was sealed is lost for good.")


def _checked_passphrase(passphrase: str) -> str:
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise ForumError(_("A passphrase has at least %(least)s characters: several words are easier to keep.") % {"least": SHORTEST_PASSPHRASE})
    return passphrase
