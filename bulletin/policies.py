"""Who may see notices and what they may do with them.

Readers: those in the audience, while a notice is published and neither expired nor retracted. Publishers (heads of the department, their
deputies, and those to whom publishing is delegated today) see all of their department's, in every state. Nobody else sees anything; those
who watch over the boards (`bulletin.oversee`) have a list of titles, from which they can retract.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bulletin.capabilities import OVERSEE
from bulletin.models import DepartmentBoard, Notice, NoticeVersion
from bulletin.publishing import publishes_for, publishing_departments, tokens_of_publishers
from portal.access.policies import AudiencePolicy, Decision, Policy, decide_by_audience, decide_by_taking_part, people_taking_part, register
from portal.access.readers import TakingPart
from portal.access.registry import has_capability
from portal.access.standings import people_matching, standing_of
from portal.access.visibility import audience_ids_of
from portal.accounts.models import User
from portal.pages.approval import may_approve


class NoticePolicy(AudiencePolicy[Notice]):
    decides_views = True
    actions = {
        "view": _("read"),
        "change": _("write and correct"),
        "publish": _("publish"),
        "approve": _("approve"),
        "retract": _("retract"),
        "report": _("see who has read and confirmed"),
        "report_own": _("see who of one's own people has confirmed"),
        "confirm": _("confirm the reading"),
        "comment": _("comment"),
        "moderate": _("remove comments"),
        "close": _("adopt suggestions and close the topic"),
        "delete": _("delete the draft"),
    }

    def decide(self, user: Any, action: str, obj: Notice) -> Decision:
        publishes = self._publishes(user, obj)
        if action == "view":
            return publishes if publishes else self._reads(user, obj)
        if action in {"confirm", "comment"}:
            return self._takes_part(user, action, obj)
        if action == "retract":
            return self._retracts(user, obj, publishes)
        if action == "report_own":
            return publishes if publishes else self._heads_readers(user, obj)
        if not publishes:
            return publishes
        if action == "approve":
            return Decision(may_approve(user, obj), _("Approved by another publisher of the department than the one who wrote it."))
        if action == "close":
            return Decision(obj.kind == Notice.Kind.TOPIC, _("Only topics take suggestions."))
        if action == "delete":
            return Decision(obj.published_at is None, _("What was published is retracted, not deleted."))
        if action in {"change", "publish"} and obj.retracted_at is not None:
            return Decision(False, _("It was retracted. Write a new one."))
        return publishes

    def visible(self, user: Any, rows: QuerySet[Notice]) -> QuerySet[Notice]:
        reads = Q(is_shown=True, audience__any=audience_ids_of(user)) & (Q(shown_until__isnull=True) | Q(shown_until__gt=timezone.now()))
        publishes = self.rows_of_taking_part(user)
        return rows.filter(reads if publishes is None else reads | publishes)

    def viewers(self, obj: Notice) -> QuerySet[User]:
        publishers = people_taking_part(self.taking_part(obj))
        if not obj.is_current or obj.audience is None:
            return publishers
        return people_matching(obj.audience.rule) | publishers

    def taking_part(self, obj: Notice) -> TakingPart:
        return TakingPart(tuple(tokens_of_publishers(obj.department_id)))

    def rows_of_taking_part(self, user: Any) -> Q | None:
        departments = publishing_departments(user)
        return Q(department__in=departments) if departments else None

    def title(self, obj: Notice) -> str:
        return obj.title if obj.published_at is not None else obj.draft_title

    def _publishes(self, user: Any, notice: Notice) -> Decision:
        return Decision(
            bool(decide_by_taking_part(user, self.taking_part(notice))),
            _("Publishing is a right of the department's head, and of those to whom it is delegated."),
        )

    def _reads(self, user: Any, notice: Notice) -> Decision:
        if not notice.is_current or notice.audience is None:
            return Decision(False, _("It is not published, or no longer."))
        return decide_by_audience(user, notice.audience)

    def _takes_part(self, user: Any, action: str, notice: Notice) -> Decision:
        if not notice.is_current:
            return Decision(False, _("It is not published, or no longer."))
        decision = decide_by_audience(user, notice.audience) if notice.audience else Decision(False, _("It has no audience."))
        if action == "confirm":
            return decision if notice.binding_number else Decision(False, _("No confirmation is asked for."))
        if not decision and not self._publishes(user, notice):
            return decision
        if notice.kind == Notice.Kind.TOPIC:
            return Decision(notice.takes_suggestions, _("The topic takes suggestions while it is open."))
        return Decision(notice.allows_comments, _("Its publisher decides whether it is open for comments."))

    def _heads_readers(self, user: Any, notice: Notice) -> Decision:
        reads = self._reads(user, notice)
        if not reads:
            return reads
        heads = notice.binding_number is not None and bool(standing_of(user).headed_department_ids)
        return Decision(heads, _("Heads of departments see who of their people has confirmed."))

    def _retracts(self, user: Any, notice: Notice, publishes: Decision) -> Decision:
        if notice.published_at is None or notice.retracted_at is not None:
            return Decision(False, _("Only what is published can be retracted."))
        if publishes:
            return publishes
        return Decision(has_capability(user, OVERSEE), _("Those who watch over the boards may retract anything."))


class BoardPolicy(Policy[DepartmentBoard]):
    """Every employee may open a board; what stands on it is for the policy of notices. Its head keeps it."""

    actions = {"view": _("open"), "change": _("keep"), "publish": _("publish"), "delegate": _("delegate publishing")}

    def decide(self, user: Any, action: str, obj: DepartmentBoard) -> Decision:
        if action == "view":
            return Decision(user.is_employee, _("Boards are for employees."))
        if action == "publish":
            return Decision(publishes_for(user, obj.department_id), _("Publishing is a right of the department's head."))
        return Decision(obj.department_id in standing_of(user).headed_department_ids, _("Only the head of the department may do this."))

    def visible(self, user: Any, rows: QuerySet[DepartmentBoard]) -> QuerySet[DepartmentBoard]:
        return rows if user.is_employee else rows.none()

    def viewers(self, obj: DepartmentBoard) -> QuerySet[User]:
        return User.objects.active().employees()


def reads_version(user: Any, version: NoticeVersion) -> bool:
    """Of a notice that the person may see: a version was for its own audience, which a correction may have widened; publishers read all of them."""
    return publishes_for(user, version.notice.department_id) or bool(decide_by_audience(user, version.audience))


def publishers_of(department_id: int) -> QuerySet[User]:
    """The people who may publish for a department today, as a queryset."""
    return User.objects.active().filter(stored_standing__tokens__overlap=tokens_of_publishers(department_id))


register(Notice, NoticePolicy)
register(DepartmentBoard, BoardPolicy)
