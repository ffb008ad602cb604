"""Questions about notices and delegations."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from wagtail.models import PageManager

from portal.confirmations.queries import has_confirmed
from portal.pages.querysets import PublishedQuerySet


class NoticeQuerySet(PublishedQuerySet):
    def on_board(self, department_id: int) -> Self:
        """Published by the department, or referred to on its board."""
        referred = self.model._meta.get_field("references").related_model.objects.filter(notice=OuterRef("pk"), department=department_id)
        return self.filter(Q(department=department_id) | Exists(referred))

    def unread_by(self, user: Any, *, since: datetime) -> Self:
        """Published after `since` and not opened by this person."""
        read = self.model._meta.get_field("readings").related_model.objects.filter(notice=OuterRef("pk"), person=user.pk)
        return self.filter(published_at__gt=since).exclude(Exists(read))

    def awaiting_confirmation_by(self, user: Any) -> Self:
        """Those of which this person has confirmed neither the binding version nor a later one."""
        return self.filter(binding_number__isnull=False).exclude(has_confirmed(user, self.model, since="binding_number"))


NoticeManager = PageManager.from_queryset(NoticeQuerySet)


class DelegationQuerySet(models.QuerySet[Any]):
    def open(self, day: date) -> Self:
        """Those that hold on a day or will later."""
        return self.filter(ends_on__gte=day, ended_at__isnull=True)

    def on(self, day: date) -> Self:
        return self.open(day).filter(starts_on__lte=day)
