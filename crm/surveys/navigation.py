"""Where surveys stand in the frame. Every employee may be asked."""

from typing import Any

from django.utils.translation import pgettext_lazy

from crm.surveys.policies import keeps_surveys
from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.navigation import NavigationItem, register_navigation


def _employee(user: Any) -> bool:
    return bool(user.is_employee)


register_navigation(NavigationItem("surveys", pgettext_lazy("a place", "Surveys"), "list-checks", "crm:survey_list", order=29, is_allowed=_employee))
register_creation(CreationItem(pgettext_lazy("a new one", "Survey"), "list-checks", "crm:survey_create", order=64, is_allowed=keeps_surveys))
