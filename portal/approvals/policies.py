"""Who sees papers and their tasks, who may begin a kind, and who may do what."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access.policies import AudiencePolicy, Decision, Policy, ReadersPolicy, policy_for, register, visible_to
from portal.access.readers import TakingPart
from portal.accounts.models import User
from portal.approvals.models import Paper, PaperKind, Task
from portal.approvals.services.deciding import way_to
from portal.approvals.services.undoing import may_ask_void, may_void, void_asked, vote_to_take_back


class PaperKindPolicy(AudiencePolicy[PaperKind]):
    """The audience may begin a paper of the kind."""


class PaperPolicy(ReadersPolicy[Paper]):
    """Who takes part sees it: who began it, whose seat was asked, who decided, who was sent a copy. Nobody else, administrators included."""

    model = Paper
    decides_views = True  # who takes part is asked for what may be done with it anyhow
    actions = {
        "view": _("see"),
        "change": _("change"),
        "withdraw": _("withdraw"),
        "take_back": _("take back one's approval of"),
        "void": _("ask to void"),
        "answer_void": _("agree to void"),
        "urge": _("urge"),
        "copy": _("send a copy of"),
        "comment": _("write a remark on"),
        "moderate": _("remove remarks from"),
    }

    def taking_part(self, obj: Paper) -> TakingPart:
        """Read once for each state of a paper: every act, and so everybody who comes to take part, is an event."""
        known = getattr(obj, "_taking_part", None)
        if known is None or known[0] != obj.last_event:
            known = obj._taking_part = (obj.last_event, super().taking_part(obj))  # type: ignore[attr-defined]
        return known[1]

    def decide(self, user: Any, action: str, obj: Paper) -> Decision:
        decision = super().decide(user, "view", obj)
        if action == "view" or not decision:
            return decision
        began = obj.originator_id == user.pk
        if action == "change":
            return self._decide_change(user, obj)
        if obj.state == Paper.State.DRAFT:
            return Decision(False, _("It was not submitted yet."))
        match action:
            case "withdraw":
                return Decision(began and obj.is_open, _("Whoever began it may withdraw it until it is finished."))
            case "take_back":
                return Decision(vote_to_take_back(obj, user) is not None, _("Whoever approved may take it back until the next has acted."))
            case "void":
                return Decision(may_ask_void(obj, user), _("Whoever began it or keeps papers may ask to void it once it is approved."))
            case "answer_void":
                asked = void_asked(obj)
                return Decision(asked is not None and asked.actor_id != user.pk and may_void(obj, user), _("Another one who keeps papers agrees to void it."))
            case "urge":
                return Decision(began and obj.state == Paper.State.RUNNING, _("Whoever began it may urge while it is under way."))
            case "copy":
                is_copied = decision.token and decision.rule in (Paper.reader_reasons["copied"], Paper.reader_reasons["told"])
                return Decision(not is_copied, _("Who takes part in deciding may send copies."))
            case "comment":
                return Decision(True, _("Who takes part may write remarks."))
        return Decision(False, _("Remarks on papers stay."))

    def _decide_change(self, user: Any, paper: Paper) -> Decision:
        """A draft is its writer's; one that was returned whose task it is to change it."""
        if paper.state == Paper.State.DRAFT:
            return Decision(paper.originator_id == user.pk, _("A draft is changed by whoever began it."))
        if paper.state == Paper.State.RETURNED:
            task = Task.objects.filter(paper=paper, state=Task.State.OPEN).select_related("step", "paper").first()
            return Decision(task is not None and way_to(paper, task.step, task.seat, user) is not None, _("It is changed by whoever it was returned to."))
        return Decision(False, _("What was submitted is changed only where it was returned."))

    def title(self, obj: Paper) -> str:
        return str(obj)


class TaskPolicy(Policy[Task]):
    """Whoever sees the paper sees its tasks; whoever holds the seat today acts on an open one, but for whoever began the paper."""

    actions = {"view": _("see"), "act": _("decide")}

    def decide(self, user: Any, action: str, obj: Task) -> Decision:
        decision = policy_for(Paper).decide(user, "view", obj.paper)
        if action == "view" or not decision:
            return decision
        holds = way_to(obj.paper, obj.step, obj.seat, user) is not None
        return Decision(holds, _("It belongs to a seat that you do not hold today, or the paper is your own."))

    def visible(self, user: Any, rows: QuerySet[Task]) -> QuerySet[Task]:
        return rows.filter(paper__in=visible_to(Paper, user).order_by().values("pk"))

    def viewers(self, obj: Task) -> QuerySet[User]:
        return policy_for(Paper).viewers(obj.paper)


register(PaperKind, PaperKindPolicy)
register(Paper, PaperPolicy)
register(Task, TaskPolicy)
