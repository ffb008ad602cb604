"""News, the feeds that bring some of it, and the queue of what they brought."""

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageManager

from portal.pages.models import AudiencedPage, EditedPage
from portal.pages.querysets import PublishedQuerySet

LONGEST_SUMMARY = 2_000
LONGEST_LINK = 2_000


class Category(models.TextChoices):
    MARKET = "market", _("market")
    LAW = "law", _("policy and law")
    RULES = "rules", _("rules of the trade")
    PLANT = "plant", _("the plant")


class NewsDesk(EditedPage):
    """The branch of the tree under which the news stands. There is one."""

    parent_page_types: list[str] = []
    subpage_types = ["bulletin.NewsItem"]
    is_creatable = False
    max_count = 1
    content_panels: list = []
    promote_panels: list = []
    settings_panels: list = []

    class Meta:
        verbose_name = _("news desk")

    def get_admin_display_title(self) -> str:
        return str(capfirst(self._meta.verbose_name))


class NewsItem(AudiencedPage):
    """A piece of news. `link` leads to where it was found."""

    # Written by editors, in revisions.
    category = models.CharField(_("category"), max_length=12, choices=Category, default=Category.MARKET)
    summary = models.TextField(_("summary"), max_length=LONGEST_SUMMARY, blank=True)
    picture_id = models.UUIDField(_("picture"), null=True, blank=True)
    picture_alt = models.CharField(_("what the picture shows"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=100, blank=True)
    link = models.URLField(_("link"), max_length=LONGEST_LINK, blank=True, validators=[URLValidator(["http", "https"])])
    is_lead = models.BooleanField(_("lead story"), default=False)

    # Facts about the item as a whole, which no revision brings back (`kept_fields`).
    led_at = models.DateTimeField(null=True, editable=False, help_text="Since when it is a lead story; the newest of these that a reader may see leads.")
    correction = models.CharField(max_length=200, blank=True, editable=False)

    noun = "news"
    written_fields = (*AudiencedPage.written_fields, "category", "summary", "picture_id", "picture_alt", "source", "link", "is_lead")
    kept_fields = (*AudiencedPage.kept_fields, "led_at", "correction")

    objects = PageManager.from_queryset(PublishedQuerySet)()

    parent_page_types = ["bulletin.NewsDesk"]
    subpage_types: list[str] = []
    is_creatable = True
    promote_panels: list = []

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        indexes = [
            models.Index(fields=["-published_at"], name="news_published", condition=Q(is_shown=True)),
            models.Index(fields=["category", "-published_at"], name="news_category", condition=Q(is_shown=True)),
            models.Index(fields=["-led_at"], name="news_led", condition=Q(is_shown=True, led_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(name="shown_news_has_an_audience", condition=Q(is_shown=False) | Q(audience__isnull=False, published_at__isnull=False))
        ]

    def get_absolute_url(self) -> str:
        return reverse("bulletin:news_item", args=[self.pk])

    @property
    def preview_url(self) -> str:
        return reverse("bulletin:news_preview", args=[self.pk])

    @property
    def named_pictures(self) -> list[UUID]:
        return [*([self.picture_id] if self.picture_id else []), *super().named_pictures]

    @property
    def link_host(self) -> str:
        return urlsplit(self.link).hostname or ""

    @property
    def picture_url(self) -> str:
        return reverse("attachments:picture", args=[self.picture_id]) if self.picture_id else ""


class NewsFeed(models.Model):
    """An address that brings news, named by an administrator, and how reading it went.

    `read_at` is when its content was last read; `succeeded_at` also counts answers that nothing has changed. `problem` is a code of
    `news.problems`, empty where all is well.
    """

    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(_("address"), max_length=LONGEST_LINK, unique=True)
    category = models.CharField(_("category"), max_length=12, choices=Category, default=Category.MARKET)
    is_active = models.BooleanField(_("is read"), default=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    entity_tag = models.CharField(max_length=200, blank=True, editable=False)
    last_modified = models.CharField(max_length=60, blank=True, editable=False)
    next_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    succeeded_at = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    problem = models.CharField(max_length=20, blank=True, editable=False)
    detail = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("news feed")
        verbose_name_plural = _("news feeds")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class NewsEntry(models.Model):
    """What a feed brought, waiting for an editor or decided. `link_digest` is one for all feeds, so that a story comes once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        TAKEN = "taken", _("taken")
        DROPPED = "dropped", _("dropped")

    feed = models.ForeignKey(NewsFeed, verbose_name=_("feed"), on_delete=models.PROTECT, related_name="entries", db_index=False)
    identity = models.CharField(max_length=64)
    link_digest = models.CharField(max_length=64, null=True)
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    link = models.CharField(_("link"), max_length=LONGEST_LINK, blank=True)
    author = models.CharField(_("author"), max_length=100, blank=True)
    published_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    item = models.ForeignKey(NewsItem, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("entry of a feed")
        verbose_name_plural = _("entries of feeds")
        ordering = ["-arrived_at", "-id"]
        indexes = [
            models.Index(fields=["-arrived_at", "-id"], name="entry_waiting", condition=Q(state="waiting")),
            models.Index(fields=["feed", "seen_at"], name="entry_seen"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["feed", "identity"], name="entries_come_once"),
            models.UniqueConstraint(fields=["link_digest"], name="links_come_once", condition=Q(link_digest__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def link_host(self) -> str:
        return urlsplit(self.link).hostname or ""
