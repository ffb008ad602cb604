from django.urls import path

from portal.foundation import views

app_name = "foundation"

urlpatterns = [
    path("styleguide/", views.styleguide, name="styleguide"),
    path("places/", views.places, name="places"),
    path("favicon.svg", views.favicon, name="favicon"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("robots.txt", views.robots, name="robots"),
]
