"""What is kept of anonymous posts: masks, seals, what waits for its round, the keys of the roles, ceremonies. No row names an author."""

import secrets
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TAG_BYTES = 16
LONGEST_REFERENCE = 80


class Role(models.TextChoices):
    """The two sides that open a seal together; nobody is on both."""

    FIRST = "first", _("discipline inspection")
    SECOND = "second", _("trade union")


def random_id() -> int:
    """No sequence, whose neighbours would tell what was written at the same time."""
    return secrets.randbits(62)


class RoleKey(models.Model):
    """The public key of a role. New posts are sealed under the one that is not retired."""

    role = models.CharField(max_length=6, choices=Role.choices)
    public = models.BinaryField(max_length=32)
    made_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("key of a role")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(name="forum_one_key_for_each_role", fields=["role"], condition=Q(retired_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"


class KeyShare(models.Model):
    """The private key of a role, wrapped under what one officer knows; without an officer under the code that was printed and lies in an envelope."""

    key = models.ForeignKey(RoleKey, on_delete=models.PROTECT, related_name="shares", db_index=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    salt = models.BinaryField(max_length=16)
    wrapped = models.BinaryField(max_length=80)

    class Meta:
        verbose_name = _("share of a key")
        constraints = [models.UniqueConstraint(name="forum_one_share_each", fields=["key", "officer"], nulls_distinct=False)]

    def __str__(self) -> str:
        return f"{self.key_id} {self.officer_id}"


class Mask(models.Model):
    """Under which one person speaks in one thread: 匿名甲 is number 1. `tag` is theirs under the key of `month`, and nobody's once that is destroyed."""

    thread = models.ForeignKey("forum.Thread", on_delete=models.PROTECT, related_name="masks", db_index=False)
    number = models.PositiveSmallIntegerField()
    tag = models.BinaryField(max_length=TAG_BYTES)
    month = models.CharField(max_length=7)
    id = models.BigIntegerField(primary_key=True, default=random_id)

    class Meta:
        verbose_name = _("mask")
        constraints = [
            models.UniqueConstraint(name="forum_mask_number_once", fields=["thread", "number"]),
            models.UniqueConstraint(name="forum_mask_tag_once", fields=["thread", "tag"]),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.number}"


class Seal(models.Model):
    """Who wrote a post, for two roles together. The application's role may add rows, and reads them through `forum_open_seal` alone."""

    post = models.OneToOneField("forum.Post", primary_key=True, on_delete=models.PROTECT, related_name="+")
    box = models.BinaryField(max_length=240)
    first_key = models.ForeignKey(RoleKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    second_key = models.ForeignKey(RoleKey, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("seal")

    def __str__(self) -> str:
        return f"{self.post_id}"


class Waiting(models.Model):
    """An anonymous post, or the wish to take one back, until its round: without a person, without a time but the round of ten minutes.

    `key` is the digest of the form's, so that what is sent twice waits once. Without `thread` it begins one on `board`.
    """

    id = models.BigIntegerField(primary_key=True, default=random_id)
    key = models.BinaryField(max_length=32, unique=True)
    round = models.BigIntegerField()
    board = models.ForeignKey("forum.Board", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    thread = models.ForeignKey("forum.Thread", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    thread_uuid = models.UUIDField(null=True)
    uuid = models.UUIDField(default=uuid4)
    title = models.CharField(max_length=120, blank=True)
    body = models.TextField(blank=True)
    quoted = models.ForeignKey("forum.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    withdraws = models.ForeignKey("forum.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    tag = models.BinaryField(max_length=TAG_BYTES, default=b"")
    month = models.CharField(max_length=7, blank=True)
    box = models.BinaryField(max_length=240, default=b"")
    first_key = models.ForeignKey(RoleKey, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    second_key = models.ForeignKey(RoleKey, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("anonymous post that waits")

    def __str__(self) -> str:
        return "waiting"


class WaitingPicture(models.Model):
    """A picture of an anonymous post that waits, drawn anew, without a name."""

    id = models.BigIntegerField(primary_key=True, default=random_id)
    waiting = models.ForeignKey(Waiting, on_delete=models.CASCADE, related_name="pictures", db_index=False)
    order = models.PositiveSmallIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("picture that waits")
        constraints = [models.UniqueConstraint(name="forum_waiting_picture_once", fields=["waiting", "order"])]

    def __str__(self) -> str:
        return f"{self.order}"


class Ceremony(models.Model):
    """How the seal of one post is opened: asked for by an officer of one role, agreed to by one of the other, then opened by both. It never says the name.

    `passed` is the half of the side that asked, for the other and for this ceremony alone. `for_asker` holds the result for that side until it was seen once;
    the other side sees it when it opens the seal.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waits for the other side")
        REFUSED = "refused", _("refused")
        AGREED = "agreed", _("agreed to")
        PASSED = "passed", _("one half opened")
        OPENED = "opened", _("opened")

    uuid = models.UUIDField(default=uuid4, unique=True)
    post = models.ForeignKey("forum.Post", on_delete=models.PROTECT, related_name="ceremonies")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ASKED)
    asker_role = models.CharField(max_length=6, choices=Role.choices)
    reason = models.CharField(_("reason"), max_length=200)
    reference = models.CharField(_("file number"), max_length=LONGEST_REFERENCE)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    passed = models.BinaryField(null=True)
    for_asker = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("unsealing")
        verbose_name_plural = _("unsealings")
        ordering = ["-id"]
        indexes = [models.Index(fields=["opened_at"], name="forum_ceremony_opened", condition=Q(opened_at__isnull=False))]
        constraints = [
            models.UniqueConstraint(name="forum_one_ceremony_at_a_time", fields=["post"], condition=Q(state__in=["asked", "agreed", "passed"])),
            models.CheckConstraint(name="forum_two_people_unseal", condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by"))),
            models.CheckConstraint(name="forum_unsealing_has_a_reason", condition=~Q(reason="") & ~Q(reference="")),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.state}"
