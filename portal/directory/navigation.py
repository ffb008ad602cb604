"""Where people and the organization stand in the rail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.directory.policies import keeps_roster
from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.navigation import NavigationItem, register_navigation


def _is_employee(user: Any) -> bool:
    return bool(user.is_employee)


register_navigation(NavigationItem("directory", _("Directory"), "contact", "organization:person_list", order=80, key="d", is_allowed=_is_employee))
register_navigation(NavigationItem("chart", _("Organization chart"), "network", "organization:chart", order=81, key="o", is_allowed=_is_employee))
register_navigation(NavigationItem("roster", _("Roster"), "book-user", "organization:import_list", order=10, group="admin", is_allowed=keeps_roster))
register_navigation(NavigationItem("positions", _("Positions"), "award", "organization:position_list", order=20, group="admin", is_allowed=keeps_roster))
register_navigation(NavigationItem("duties", _("Duties"), "briefcase", "organization:duty_list", order=21, group="admin", is_allowed=keeps_roster))
register_creation(CreationItem(_("New person"), "user-plus", "organization:person_create", 80, keeps_roster))
register_creation(CreationItem(_("Roster import"), "file-up", "organization:import_create", 81, keeps_roster))
