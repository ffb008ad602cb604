"""The feed: what is to be found, as it reads. And what people look for."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """A thing to be found (`part` is empty), or a file on it (`part` is the file's address). Made from the thing, never edited.

    `version` only rises, over the whole feed and in the order of commits, so that an engine follows by remembering the last one.
    It carries its rule itself: the audience of its thing (`include`, `exclude`, `level`), and the tokens of those who take part in it (`readers`, from
    `readers_level` on), of which either opens it. An entry that is gone stays for a while as a row without text, so that engines hear of it.
    """

    source = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    part = models.CharField(max_length=40, blank=True)
    version = models.BigIntegerField()
    is_gone = models.BooleanField(default=False)
    include = ArrayField(models.TextField(), default=list)
    exclude = ArrayField(models.TextField(), default=list)
    level = models.PositiveSmallIntegerField(default=0)
    readers = ArrayField(models.TextField(), default=list)
    readers_level = models.PositiveSmallIntegerField(default=0)
    ends_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=20, blank=True)
    title = models.TextField(blank=True)
    names = ArrayField(models.TextField(), default=list)
    url = models.CharField(max_length=300, blank=True)
    department_id = models.BigIntegerField(null=True)
    author_id = models.BigIntegerField(null=True)
    file_type = models.CharField(max_length=10, blank=True)
    place = models.CharField(max_length=40, blank=True)
    dated_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=80, blank=True)
    called = ArrayField(models.TextField(), default=list)
    passage_count = models.PositiveIntegerField(default=0)
    fingerprint = models.BinaryField(max_length=16, default=b"")

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [models.UniqueConstraint(fields=["source", "object_id", "part"], name="one_entry_for_each_part")]
        indexes = [models.Index(fields=["version"], name="search_entry_version")]

    def __str__(self) -> str:
        return f"{self.key} {self.part}"

    @property
    def key(self) -> str:
        return f"{self.source}:{self.object_id}"


class Passage(models.Model):
    """A piece of an entry's text, counted from 0. `page` is the page of the file that it stands on."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="passages", db_index=False)
    number = models.PositiveIntegerField()
    page = models.PositiveIntegerField(null=True)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="one_passage_for_each_number")]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.number}"


class Waiting(models.Model):
    """A thing whose entries have to be made anew. `version` is set once the feed has them; the row goes when the engine has followed so far.

    Rows are only added by those who change things, so that nobody waits for anybody. `hides`: until then the thing is left out of every answer.

    A thing that cannot be read is put aside: `trouble` says why, and it is tried again at `due_at`. Meanwhile it hides, and holds up nothing else.
    """

    source = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    hides = models.BooleanField(default=True)
    since = models.DateTimeField(default=timezone.now)
    version = models.BigIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="search_waiting_new", condition=Q(version__isnull=True))]

    def __str__(self) -> str:
        return f"{self.source}:{self.object_id}"


class Feed(models.Model):
    """Which feed this is, so that an index of another database is not taken for its own. One row.

    `sources` are those whose things are in it: at the first start none, and after an upgrade that searches more, not all.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sources = ArrayField(models.TextField(), default=list)

    def __str__(self) -> str:
        return str(self.id)


class Pin(models.Model):
    """An editor has put an entry first for a word."""

    words = models.CharField(_("words"), max_length=100)
    entry = models.ForeignKey(Entry, verbose_name=_("result"), on_delete=models.CASCADE, related_name="+")
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("pinned by"), on_delete=models.PROTECT, related_name="+")
    pinned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("pinned result")
        verbose_name_plural = _("pinned results")
        ordering = ["words", "pinned_at"]
        constraints = [models.UniqueConstraint(fields=["words", "entry"], name="an_entry_is_pinned_once_for_a_word")]

    def __str__(self) -> str:
        return self.words


class Miss(models.Model):
    """Words for which nothing was found, by day. Of the people only marks are kept that differ from words to words and lead to nobody."""

    words = models.CharField(max_length=100)
    day = models.DateField()
    seekers = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["words", "day"], name="one_miss_for_words_and_day")]

    def __str__(self) -> str:
        return self.words


class Look(models.Model):
    """When a person last looked at the answer to a question; of the question only a digest is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    digest = models.BinaryField(max_length=16)
    looked_at = models.DateTimeField()
    before = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="one_look_for_person_and_question")]
        indexes = [models.Index(fields=["looked_at"], name="search_look_old")]

    def __str__(self) -> str:
        return f"{self.person_id}"
