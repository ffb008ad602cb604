"""The addresses of the customers' site, served by processes with `PORTAL_FACE=extranet`; they know no other."""

from django.urls import include, path

from portal.foundation.views import favicon, robots

urlpatterns = [
    path("favicon.svg", favicon, name="favicon"),
    path("robots.txt", robots, name="robots"),
    path("", include("crm.extranet.site")),
]

handler400 = "crm.extranet.answers.bad_request"
handler403 = "crm.extranet.answers.forbidden"
handler404 = "crm.extranet.answers.not_found"
handler500 = "crm.extranet.answers.failure"
