from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.access.policies import AudiencePolicy, Decision, ReadersPolicy, register
from portal.access.readers import TakingPart, rows_taken, taking_part_in
from tests.papers.models import Paper, Slip


class PaperPolicy(AudiencePolicy[Paper]):
    """The audience sees and comments until the title says otherwise; administrators, where they see it, change; Li Min moderates."""

    actions = {"view": _("see"), "change": _("change"), "comment": _("comment"), "moderate": _("moderate")}

    def taking_part(self, obj: Paper) -> TakingPart:
        return taking_part_in(obj)

    def rows_of_taking_part(self, user: Any) -> Q:
        return rows_taken(Paper, user)

    def decide(self, user: Any, action: str, obj: Paper) -> Decision:
        decision = self.decide_view(user, obj)
        if action == "view" or not decision:
            return decision
        if action == "comment":
            return Decision("（已截止）" not in obj.title, "The discussion of this paper is closed.")
        if action == "moderate":
            return Decision(user.is_superuser or user.name == "李敏", "Li Min moderates papers.")
        return Decision(user.is_superuser, "Only administrators change papers.")


class SlipPolicy(ReadersPolicy[Slip]):
    model = Slip


register(Paper, PaperPolicy)
register(Slip, SlipPolicy)
