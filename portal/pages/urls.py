"""The editor's addresses: Wagtail's, each guarded; those of its own front page, account and sign-out lead to the portal's."""

from allauth.account.views import logout
from django.urls import path
from django.views.generic import RedirectView
from wagtail.admin import urls as editor
from wagtail.utils.urlpatterns import decorate_urlpatterns

from portal.pages.editor import as_editor

OURS = [
    path("", RedirectView.as_view(pattern_name="wagtailadmin_explore_root"), name="wagtailadmin_home"),
    path("account/", RedirectView.as_view(pattern_name="accounts:preferences"), name="wagtailadmin_account"),
    path("logout/", logout, name="wagtailadmin_logout"),
]
urlpatterns = decorate_urlpatterns([*OURS, *editor.urlpatterns], as_editor)
