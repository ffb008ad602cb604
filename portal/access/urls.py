from django.urls import path

from portal.access import views

app_name = "access"

urlpatterns = [
    path("audience/choices/", views.audience_choices, name="audience_choices"),
    path("audience/reach/", views.audience_reach, name="audience_reach"),
    path("audience/people/", views.audience_people, name="audience_people"),
    path("why/<str:model>/<str:pk>/", views.why, name="why"),
    path("groups/", views.group_list, name="group_list"),
    path("groups/new/", views.GroupEditing.as_view(), name="group_create"),
    path("groups/<int:pk>/", views.GroupEditing.as_view(), name="group_update"),
    path("groups/<int:pk>/deletion/", views.group_deletion, name="group_deletion"),
    path("capabilities/", views.capability_list, name="capability_list"),
    path("capabilities/<str:code>/", views.CapabilityGranting.as_view(), name="capability_update"),
    path("view-as/", views.ViewAsStart.as_view(), name="view_as_start"),
    path("view-as/end/", views.view_as_end, name="view_as_end"),
]
