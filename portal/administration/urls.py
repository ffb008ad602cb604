from django.urls import include, path

from portal.administration import calendar_pages, views
from portal.administration.lists import CalendarList, RecordList
from portal.imports.urls import importer_urls
from portal.lists.pages import ListPage

app_name = "administration"

urlpatterns = [
    path("record/", ListPage.of(RecordList), name="record_list"),
    path("record/<int:pk>/", views.record_detail, name="record_detail"),
    path("record/<int:pk>/name/", views.RecordUncovering.as_view(), name="record_uncovering"),
    path("calendar/", ListPage.of(CalendarList), name="calendar"),
    path("calendar/days/new/", calendar_pages.CalendarDaySet.as_view(), name="calendar_day_new"),
    path("calendar/days/<int:pk>/", calendar_pages.CalendarDaySet.as_view(), name="calendar_day"),
    path("calendar/year/", calendar_pages.CalendarYearFill.as_view(), name="calendar_year"),
    path("calendar/hours/", calendar_pages.CalendarHoursSet.as_view(), name="calendar_hours"),
    path("calendar/imports/", include(importer_urls("calendar", "calendar_import"))),
    path("operation/", views.operation, name="operation"),
    path("operation/effects/retry/", views.effect_retry, name="effect_retry"),
]
