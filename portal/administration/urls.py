from django.urls import path

from portal.administration import views
from portal.administration.lists import RecordList
from portal.lists.pages import ListPage

app_name = "administration"

urlpatterns = [
    path("record/", ListPage.of(RecordList), name="record_list"),
    path("record/<int:pk>/", views.record_detail, name="record_detail"),
    path("operation/", views.operation, name="operation"),
    path("operation/effects/retry/", views.effect_retry, name="effect_retry"),
]
