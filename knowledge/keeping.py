"""Who keeps a category: whoever holds its duty or that of a category above, and those who keep the knowledge base as a whole."""

from typing import Any

from django.db.models import Q

from knowledge.capabilities import MANAGE_KNOWLEDGE
from knowledge.models import ArticleCategory
from portal.access.registry import has_capability
from portal.access.standings import standing_of


def kept_categories(user: Any) -> list[int] | None:
    """The ids of the categories that this person keeps today; None for all of them. No query for who holds no duty."""
    if has_capability(user, MANAGE_KNOWLEDGE):
        return None
    duties = [int(token.removeprefix("duty:")) for token in standing_of(user).tokens if token.startswith("duty:")]
    tops = list(ArticleCategory.objects.filter(keepers__in=duties).values_list("path", flat=True)) if duties else []
    if not tops:
        return []
    below = Q()
    for path in tops:
        below |= Q(path__startswith=path)
    return list(ArticleCategory.objects.filter(below).values_list("pk", flat=True))


def keeps_something(user: Any) -> bool:
    return kept_categories(user) != []
