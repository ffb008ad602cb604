"""Who sees a survey: whoever keeps surveys; the staff whom it asks, once it is published; whoever has to mend something after it."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.surveys.capabilities import KEEP_SURVEYS
from crm.surveys.models import Measure, Survey
from portal.access.policies import Decision, Policy, decide_by_audience, people_taking_part, register
from portal.access.readers import TakingPart
from portal.access.registry import has_capability, tokens_of_holders
from portal.access.standings import people_matching
from portal.access.visibility import audience_ids_of
from portal.accounts.models import User

KEEPERS_ONLY = _("For those who keep surveys.")


def keeps_surveys(user: Any) -> bool:
    return bool(user.is_employee and has_capability(user, KEEP_SURVEYS))


class SurveyPolicy(Policy[Survey]):
    actions = {"view": _("see the survey"), "keep": _("draw the survey and read what was answered"), "answer": _("answer the survey")}

    def decide(self, user: Any, action: str, obj: Survey) -> Decision:
        if action == "keep":
            return Decision(keeps_surveys(user), KEEPERS_ONLY)
        if action == "answer":
            return self._asked(user, obj)
        if keeps_surveys(user):
            return Decision(True, _("Keeps surveys."))
        if user.is_employee and obj.measures.filter(owner=user.pk).exists():
            return Decision(True, _("Has something to mend after it."))
        return self._asked(user, obj)

    def _asked(self, user: Any, obj: Survey) -> Decision:
        if obj.audience is None or obj.state == Survey.State.DRAFT or not user.is_employee:
            return Decision(False, _("Only those who are asked answer it."))
        return decide_by_audience(user, obj.audience)

    def visible(self, user: Any, rows: QuerySet[Survey]) -> QuerySet[Survey]:
        if not user.is_employee:
            return rows.none()
        if keeps_surveys(user):
            return rows
        mending = Exists(Measure.objects.filter(survey=OuterRef("pk"), owner=user.pk))
        return rows.filter(asking(user) | mending)

    def viewers(self, obj: Survey) -> QuerySet[User]:
        owners = [f"user:{pk}" for pk in obj.measures.values_list("owner", flat=True)]
        people = people_taking_part(TakingPart((*tokens_of_holders(KEEP_SURVEYS), *owners)))
        if obj.audience is not None and obj.state != Survey.State.DRAFT:
            people = people | people_matching(obj.audience.rule)
        return people.filter(kind=User.Kind.EMPLOYEE)


def asking(user: Any) -> Q:
    """Surveys that ask this person of the staff."""
    return Q(audience__any=audience_ids_of(user)) & ~Q(state=Survey.State.DRAFT)


register(Survey, SurveyPolicy)
