"""Groups: every employee sees and uses them; their keeper, and administrators, change them."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.capabilities import KEEP_GROUPS
from portal.access.models import AudienceGroup
from portal.access.policies import Decision, Policy, register
from portal.access.registry import has_capability
from portal.access.rules import EVERYONE, AudienceRule
from portal.access.standings import people_matching
from portal.accounts.models import User


class GroupPolicy(Policy[AudienceGroup]):
    actions = {"view": _("see"), "change": _("change")}

    def decide(self, user: Any, action: str, obj: AudienceGroup) -> Decision:
        if action == "view":
            return Decision(user.is_employee, _("Every employee sees groups."))
        return Decision(
            user.is_superuser or (obj.owner_id == user.pk and has_capability(user, KEEP_GROUPS)),
            _("A group is changed by the person who keeps it, and by administrators."),
        )

    def visible(self, user: Any, rows: models.QuerySet[AudienceGroup]) -> models.QuerySet[AudienceGroup]:
        return rows if user.is_employee else rows.none()

    def viewers(self, obj: AudienceGroup) -> models.QuerySet[User]:
        return people_matching(AudienceRule.of([EVERYONE]))


register(AudienceGroup, GroupPolicy)
