"""Where marketing stands in the frame."""

from django.utils.translation import pgettext_lazy

from crm.marketing.policies import works_with_marketing
from portal.foundation.navigation import NavigationItem, register_navigation

register_navigation(
    NavigationItem(
        "marketing", pgettext_lazy("of the plant", "Marketing"), "radio-tower", "crm:marketing_home", order=29, is_allowed=works_with_marketing, group="work"
    )
)
