"""Where visits stand in the frame."""

from django.utils.translation import gettext_lazy as _

from crm.activities.policies import works_with_visits
from portal.foundation.navigation import NavigationItem, register_navigation

register_navigation(NavigationItem("visits", _("Visits"), "footprints", "crm:visit_week", order=22, is_allowed=works_with_visits, key="w", group="work"))
