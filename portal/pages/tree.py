"""The tree of pages, which mirrors the plant. Every branch is made by code."""

from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale, Page

Branch = TypeVar("Branch", bound=Page)
ROOT_TITLE = "全部 · All"  # the editor shows it to whoever writes in several places; a title has no second language


@transaction.atomic
def ensure_root() -> Page:
    """The root of the tree; made anew where a database was emptied."""
    if not Locale.objects.exists():
        Locale.objects.create(language_code=get_supported_content_language_variant(settings.LANGUAGE_CODE))
    root = Page.objects.filter(depth=1).first()
    return root or Page.add_root(instance=Page(title=ROOT_TITLE, slug="root"))


@transaction.atomic
def grow(parent: Page, branch: Branch) -> Branch:
    """Add a page below another. Places in the tree are given one at a time."""
    held = Page.objects.select_for_update().get(pk=parent.pk)
    held.add_child(instance=branch)
    return branch


def child(parent: Page, model: type[Branch], **lookup: Any) -> Branch | None:
    return model._default_manager.child_of(parent).filter(**lookup).first()
