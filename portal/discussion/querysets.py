"""Questions about comments, each one statement, with all that is shown of their authors."""

from collections.abc import Collection
from typing import Any, Self

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.expressions import RawSQL

from portal.organization.models import Employment
from portal.organization.querysets import today

# A long row of replies costs no more than a short one.
FIRST_REPLIES = """
    SELECT reply.id FROM unnest(%s::bigint[]) AS root(id)
    CROSS JOIN LATERAL (SELECT id FROM discussion_comment WHERE parent_id = root.id ORDER BY id LIMIT %s) AS reply
"""


class DiscussionQuerySet(models.QuerySet[Any]):
    def of(self, about: models.Model) -> Self:
        """The discussion of a thing, if there is one."""
        return self.filter(about_type=ContentType.objects.get_for_model(about), about_id=about.pk)

    def with_follower(self, user: Any) -> Self:
        """Each says whether this person follows it."""
        follows = apps.get_model("discussion", "Follow").objects.filter(discussion=OuterRef("pk"), person=user)
        return self.annotate(is_followed=Exists(follows))

    def counts_of(self, model: type[models.Model], ids: Collection[int]) -> dict[int, int]:
        """How many comments can be read on each of these things, for lists; things without a comment are left out."""
        rows = self.filter(about_type=ContentType.objects.get_for_model(model), about_id__in=ids, comment_count__gt=0)
        return dict(rows.values_list("about_id", "comment_count"))


class CommentQuerySet(models.QuerySet[Any]):
    def about(self, thing: models.Model) -> Self:
        return self.filter(discussion__about_type=ContentType.objects.get_for_model(thing), discussion__about_id=thing.pk)

    def readable(self) -> Self:
        return self.filter(removed_at__isnull=True)

    def first_level(self) -> Self:
        return self.filter(parent__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-id")

    def most_supported_first(self) -> Self:
        return self.order_by("-support_count", "-id")

    def changed_since(self, cursor: int) -> Self:
        return self.filter(changed_in__gt=cursor)

    def with_authors(self, reader: Any) -> Self:
        """With names, photos and today's departments, and whether the reader supports it."""
        post = Employment.objects.on(today()).primary().filter(person=OuterRef("author")).order_by("pk")
        reactions = apps.get_model("discussion", "Reaction").objects.filter(comment=OuterRef("pk"), person=reader)
        return self.select_related("author__profile", "removed_by", "answered__author").annotate(
            department_name=Subquery(post.values("department__name")[:1]),
            department_name_en=Subquery(post.values("department__name_en")[:1]),
            is_supported=Exists(reactions),
        )

    def first_replies(self, root_ids: Collection[int], most: int) -> Self:
        """The first few replies to each of these comments, oldest first."""
        return self.filter(pk__in=RawSQL(FIRST_REPLIES, [list(root_ids), most])).order_by("parent_id", "id")
