from django.urls import path

from portal.search.views import keeping, searching

app_name = "search"

urlpatterns = [
    path("", searching.search, name="search"),
    path("typing/", searching.typing, name="typing"),
    path("files/", searching.file_choices, name="file_choices"),
    path("looks/", searching.look_create, name="look_create"),
    path("kept/", keeping.kept, name="kept"),
    path("pins/new/", keeping.pin_create, name="pin_create"),
    path("pins/<int:pk>/removal/", keeping.pin_removal, name="pin_removal"),
]
