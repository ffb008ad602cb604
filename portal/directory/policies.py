"""Who sees people and departments, and who changes them: employees see each other; the roster's keepers change the plant."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.capabilities import MANAGE_ORGANIZATION
from portal.access.policies import Decision, Policy, Words, register
from portal.access.registry import has_capability
from portal.access.rules import EVERYONE, AudienceRule
from portal.access.standings import people_matching
from portal.accounts.models import User
from portal.organization.models import Absence, Department, Deputyship, Duty, DutyHolding, Employment, Position

KEEPERS = _("The plant is changed by those who keep the roster.")


def keeps_roster(user: Any) -> bool:
    return has_capability(user, MANAGE_ORGANIZATION)


class EmployeesSee(Policy[Any]):
    """Every employee sees it; keepers of the roster change it."""

    actions: ClassVar[dict[str, Words]] = {"view": _("see"), "change": _("change")}

    def decide(self, user: Any, action: str, obj: Any) -> Decision:
        if action == "view":
            return Decision(user.is_employee, _("Every employee sees the organization."))
        return Decision(keeps_roster(user), KEEPERS)

    def visible(self, user: Any, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return rows if user.is_employee else rows.none()

    def viewers(self, obj: Any) -> models.QuerySet[User]:
        return people_matching(AudienceRule.of([EVERYONE]))


class PersonPolicy(EmployeesSee):
    """Employees, also former ones, are seen by employees; a card is kept by its person; customers are for those who serve them."""

    actions: ClassVar[dict[str, Words]] = {"view": _("see"), "edit": _("change the card of"), "change": _("change")}

    def decide(self, user: Any, action: str, obj: Any) -> Decision:
        if action == "view":
            return Decision(user.is_employee and obj.is_employee, _("Every employee sees the organization."))
        if not obj.is_employee:
            return Decision(False, _("The organization is about employees."))
        if action == "edit":
            return Decision(user.pk == obj.pk or keeps_roster(user), _("A card is kept by its person, and by those who keep the roster."))
        if obj.is_superuser and not user.is_superuser:
            return Decision(False, _("Administrators are changed by administrators."))
        return Decision(keeps_roster(user), KEEPERS)

    def visible(self, user: Any, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return rows.filter(kind=User.Kind.EMPLOYEE) if user.is_employee else rows.none()

    def viewers(self, obj: Any) -> models.QuerySet[User]:
        return people_matching(AudienceRule.of([EVERYONE])) if obj.is_employee else User.objects.none()


class EmploymentPolicy(EmployeesSee):
    """The present is for every employee; what was and what will be for its person and the keepers. Its person may appoint a deputy."""

    actions: ClassVar[dict[str, Words]] = {"view": _("see"), "appoint": _("appoint a deputy for"), "change": _("change")}

    def decide(self, user: Any, action: str, obj: Any) -> Decision:
        if action == "appoint":
            return Decision(
                obj.person_id == user.pk or keeps_roster(user), _("A deputy is appointed by whoever holds the post, and by those who keep the roster.")
            )
        if action == "change" and obj.person.is_superuser and not user.is_superuser:
            return Decision(False, _("Administrators are changed by administrators."))
        return super().decide(user, action, obj)


class DeputyshipPolicy(EmployeesSee):
    def decide(self, user: Any, action: str, obj: Any) -> Decision:
        if action == "change" and obj.employment.person_id == user.pk:
            return Decision(True, _("A deputy is appointed by whoever holds the post, and by those who keep the roster."))
        return super().decide(user, action, obj)


class AbsencePolicy(EmployeesSee):
    def decide(self, user: Any, action: str, obj: Any) -> Decision:
        if action == "change" and obj.person_id == user.pk:
            return Decision(True, _("A card is kept by its person, and by those who keep the roster."))
        return super().decide(user, action, obj)


register(User, PersonPolicy)
register(Department, EmployeesSee)
register(Position, EmployeesSee)
register(Duty, EmployeesSee)
register(DutyHolding, EmployeesSee)
register(Employment, EmploymentPolicy)
register(Deputyship, DeputyshipPolicy)
register(Absence, AbsencePolicy)
