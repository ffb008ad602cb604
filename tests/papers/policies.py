from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.access.policies import AudiencePolicy, Decision, register
from tests.papers.models import Paper


class PaperPolicy(AudiencePolicy[Paper]):
    """The audience sees; administrators, where they see it, change."""

    actions = {"view": _("see"), "change": _("change")}

    def decide(self, user: Any, action: str, obj: Paper) -> Decision:
        decision = self.decide_view(user, obj)
        if action == "view" or not decision:
            return decision
        return Decision(user.is_superuser, "Only administrators change papers.")


register(Paper, PaperPolicy)
