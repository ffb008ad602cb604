"""Addresses of the bulletin board."""

from django.urls import path

from bulletin.views import board, reading

app_name = "bulletin"
urlpatterns = [
    path("", board.board, name="board"),
    path("arrivals/", board.arrivals, name="arrivals"),
    path("reading/", board.all_read, name="all_read"),
    path("departments/<int:department_id>/", board.board, name="department_board"),
    path("notices/<int:pk>/", reading.notice_detail, name="notice_detail"),
    path("notices/<int:pk>/reading/", reading.notice_reading, name="notice_reading"),
    path("notices/<int:pk>/confirmation/", reading.notice_confirmation, name="notice_confirmation"),
    path("notices/<int:pk>/changes/<int:number>/", reading.notice_change, name="notice_change"),
]
