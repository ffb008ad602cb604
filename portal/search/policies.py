"""Pins belong to those who keep the search. What is found is for the policies of the things themselves."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access.policies import Decision, Policy, register
from portal.access.registry import has_capability
from portal.accounts.models import User
from portal.search.capabilities import KEEP_SEARCH
from portal.search.models import Pin


def keeps_search(user: Any) -> bool:
    return bool(user.is_employee) and has_capability(user, KEEP_SEARCH)


class PinPolicy(Policy[Pin]):
    actions = {"view": _("see"), "change": _("take away")}

    def decide(self, user: Any, action: str, obj: Pin) -> Decision:
        return Decision(keeps_search(user), _("Results are pinned by those who keep the search."))

    def visible(self, user: Any, rows: QuerySet[Pin]) -> QuerySet[Pin]:
        return rows if keeps_search(user) else rows.none()

    def viewers(self, obj: Pin) -> QuerySet[User]:
        return User.objects.active().employees().filter(Q(is_superuser=True) | Q(stored_standing__tokens__contains=[f"cap:{KEEP_SEARCH}"]))


register(Pin, PinPolicy)
