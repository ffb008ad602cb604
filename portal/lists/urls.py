from django.urls import path

from portal.lists import views

app_name = "lists"
urlpatterns = [
    path("<slug:key>/columns/", views.columns_change, name="columns_change"),
    path("<slug:key>/views/new/", views.ViewCreate.as_view(), name="view_create"),
    path("<slug:key>/start/", views.start_change, name="start_change"),
    path("views/<int:pk>/", views.ViewUpdate.as_view(), name="view_update"),
    path("views/<int:pk>/deletion/", views.ViewDeletion.as_view(), name="view_deletion"),
    path("exports/<int:pk>/", views.export_detail, name="export_detail"),
    path("exports/<int:pk>/progress/", views.export_progress, name="export_progress"),
    path("exports/<int:pk>/file/", views.export_file, name="export_file"),
]
