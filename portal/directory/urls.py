from django.urls import path

from portal.directory import views

app_name = "organization"

urlpatterns = [
    path("people/", views.person_list, name="person_list"),
]
