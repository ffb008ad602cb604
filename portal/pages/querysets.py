"""Questions about pages that have been published."""

from typing import Any, Self

from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import WorkflowState
from wagtail.query import PageQuerySet

from portal.access.visibility import audience_ids_of


class PublishedQuerySet(PageQuerySet):
    """Of pages with an audience."""

    def current(self) -> Self:
        """Published, and neither expired nor retracted at this moment."""
        return self.filter(Q(shown_until__isnull=True) | Q(shown_until__gt=timezone.now()), is_shown=True)

    def addressed_to(self, user: Any) -> Self:
        """Current ones whose audience this person is in: what stands on the boards, in feeds and counts."""
        return self.current().filter(audience__any=audience_ids_of(user))

    def newest_first(self) -> Self:
        return self.order_by(F("published_at").desc(nulls_last=True), "-pk")


def waits_for_approval() -> Exists:
    """Whether a page waits for somebody to approve what was saved last, as a condition or an annotation."""
    return Exists(WorkflowState.objects.filter(object_id=Cast(OuterRef("pk"), CharField()), status=WorkflowState.STATUS_IN_PROGRESS))
