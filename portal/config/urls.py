"""The addresses of the intranet. Addresses are words and stay the same."""

from django.urls import include, path

from portal.config.modules import module_addresses

urlpatterns = [
    path("accounts/", include("portal.accounts.urls")),
    path("organization/", include("portal.directory.urls")),
    path("access/", include("portal.access.urls")),
    path("files/", include("portal.attachments.urls")),
    path("search/", include("portal.search.urls")),
    path("lists/", include("portal.lists.urls")),
    path("notifications/", include("portal.notifications.urls")),
    path("discussion/", include("portal.discussion.urls")),
    path("administration/", include("portal.administration.urls")),
    path("editor/", include("portal.pages.urls")),
    path("approvals/", include("portal.approvals.urls")),
    *(path(f"{module}/", include(f"{module}.urls")) for module in module_addresses()),
    path("", include("portal.foundation.urls")),
    path("", include("portal.home.urls")),
]

handler400 = "portal.attachments.middleware.answer_bad_request"
handler500 = "portal.runtime.outages.answer_failure"
