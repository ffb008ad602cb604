"""Where outsiders stand in the frame."""

from django.utils.translation import pgettext_lazy

from crm.extranet.policies import keeps_outsiders
from portal.foundation.navigation import NavigationItem, register_navigation

LABEL = pgettext_lazy("of customers", "Outsiders")

register_navigation(NavigationItem("outsiders", LABEL, "id-card-lanyard", "crm:outsider_list", order=35, is_allowed=keeps_outsiders, group="admin"))
