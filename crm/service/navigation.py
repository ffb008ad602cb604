"""Where service stands in the frame."""

from django.utils.translation import pgettext_lazy

from crm.service.policies import works_with_service
from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.navigation import NavigationItem, register_navigation

register_navigation(
    NavigationItem("service", pgettext_lazy("for customers", "Service"), "headset", "crm:request_list", order=27, is_allowed=works_with_service, key="v")
)
register_creation(CreationItem(pgettext_lazy("a new one", "Request"), "headset", "crm:request_create", order=62, is_allowed=works_with_service))
