"""Questions about posts."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from portal.organization.models import Employment
from portal.organization.querysets import today

# An author who was unsealed is told so late that what was asked for could be looked into, and on the post itself: a message to them would name them.
TOLD_AFTER = timedelta(days=14)


class PostQuerySet(models.QuerySet[Any]):
    def readable(self) -> "PostQuerySet":
        return self.filter(hidden_at__isnull=True, withdrawn_at__isnull=True)

    def between(self, first: int, last: int) -> "PostQuerySet":
        """By their numbers, both included: pages are exact and cost the same at the end as at the beginning."""
        return self.filter(number__gte=first, number__lte=last)

    def with_authors(self, reader: Any) -> "PostQuerySet":
        """With names, photos and today's departments, what they quote, and whether the reader supports or has marked them."""
        post = Employment.objects.on(today()).primary().filter(person=OuterRef("author")).order_by("pk")
        supports = apps.get_model("forum", "Support").objects.filter(post=OuterRef("pk"), person=reader)
        bookmarks = apps.get_model("forum", "Bookmark").objects.filter(post=OuterRef("pk"), person=reader)
        unsealed = apps.get_model("forum", "Ceremony").objects.filter(post=OuterRef("pk"), opened_at__lte=timezone.now() - TOLD_AFTER)
        return self.select_related("author__profile", "hidden_by", "quoted__author").annotate(
            department_name=Subquery(post.values("department__name")[:1]),
            department_name_en=Subquery(post.values("department__name_en")[:1]),
            is_supported=Exists(supports),
            is_bookmarked=Exists(bookmarks),
            is_unsealed=Exists(unsealed),
        )
