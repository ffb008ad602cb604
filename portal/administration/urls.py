from django.urls import path

from portal.administration import views

app_name = "administration"

urlpatterns = [
    path("record/", views.record_list, name="record_list"),
    path("record/export/", views.record_export, name="record_export"),
    path("record/<int:pk>/", views.record_detail, name="record_detail"),
    path("operation/", views.operation, name="operation"),
    path("operation/effects/retry/", views.effect_retry, name="effect_retry"),
]
