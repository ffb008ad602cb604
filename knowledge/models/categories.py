"""The tree of categories, which is the branch of pages below which articles stand."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import Left, Length
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knowledge.capabilities import MANAGE_KNOWLEDGE
from portal.access.registry import tokens_of_holders
from portal.access.rules import duty_token
from portal.foundation.language import is_chinese
from portal.organization.models import Duty
from portal.pages.models import EditedPage

DEEPEST = 3


class KnowledgeRoot(EditedPage):
    """The branch of the tree under which the categories stand. There is one."""

    parent_page_types: list[str] = []
    subpage_types = ["knowledge.ArticleCategory"]
    is_creatable = False
    max_count = 1

    class Meta:
        verbose_name = _("knowledge base")

    def get_admin_display_title(self) -> str:
        return str(capfirst(self._meta.verbose_name))


class ArticleCategory(EditedPage):
    """A subject (设备操作与保养), at most three deep. Its keepers hold a duty, or the duty of a category above."""

    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    description = models.CharField(_("what belongs here"), max_length=300, blank=True)
    keepers = models.ForeignKey(
        Duty,
        verbose_name=_("duty of its keepers"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Who holds this duty admits articles here and below. Where none is said, those of the category above do."),
    )
    order = models.PositiveIntegerField(_("order"), default=0)

    parent_page_types = ["knowledge.KnowledgeRoot", "knowledge.ArticleCategory"]
    subpage_types = ["knowledge.ArticleCategory", "knowledge.Article"]
    is_creatable = False
    content_panels: list[Any] = []
    promote_panels: list[Any] = []
    settings_panels: list[Any] = []

    class Meta:
        verbose_name = pgettext_lazy("of knowledge", "category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and not is_chinese() else self.title


def keepers_at(path: str) -> list[int]:
    """The duties by which a place in the tree is kept, the nearest first."""
    step = ArticleCategory.steplen
    places = [path[:end] for end in range(step, len(path) + 1, step)]
    return list(ArticleCategory.objects.filter(path__in=places, keepers__isnull=False).order_by("-path").values_list("keepers", flat=True))


def keepers_above() -> ArraySubquery:
    """The same for each row of a statement about pages; a page that asks several things of an article reads it as `place_keepers` with its row."""
    above = ArticleCategory.objects.filter(keepers__isnull=False, path=Left(OuterRef("path"), Length("path")))
    return ArraySubquery(above.order_by("-path").values("keepers"))


def duty_tokens_of(keepers: Iterable[int]) -> list[str]:
    return list(dict.fromkeys(duty_token(pk) for pk in keepers))


def keeper_tokens_of(keepers: Iterable[int]) -> list[str]:
    """Whoever keeps a place with these duties today has one of these in their standing."""
    return [*duty_tokens_of(keepers), *tokens_of_holders(MANAGE_KNOWLEDGE)]
