"""Addresses of the bulletin board."""

from django.urls import path

from bulletin.views import archive, board, feeds, reading

app_name = "bulletin"
urlpatterns = [
    path("", board.board, name="board"),
    path("arrivals/", board.arrivals, name="arrivals"),
    path("home/", board.home_notices, name="home_notices"),
    path("departments/", archive.board_list, name="board_list"),
    path("archive/", archive.archive, name="archive"),
    path("calendar/", archive.calendar, name="calendar"),
    path("feed/", feeds.feed_address, name="feed_address"),
    path("feed/<str:key>.xml", feeds.notice_feed, name="feed"),
    path("reading/", board.all_read, name="all_read"),
    path("departments/<int:department_id>/", board.board, name="department_board"),
    path("notices/<int:pk>/", reading.notice_detail, name="notice_detail"),
    path("notices/<int:pk>/reading/", reading.notice_reading, name="notice_reading"),
    path("notices/<int:pk>/confirmation/", reading.notice_confirmation, name="notice_confirmation"),
]
