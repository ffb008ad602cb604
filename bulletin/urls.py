"""Addresses of the bulletin board."""

from django.urls import include, path

from bulletin.lists import OversightList
from bulletin.models import Notice
from bulletin.views import archive, board, changes, drafts, feeds, keeping, reading, reports, topics, writing
from portal.confirmations.pages import confirmation_urls
from portal.lists.pages import ListPage

app_name = "bulletin"
urlpatterns = [
    path("", board.board, name="board"),
    path("arrivals/", board.arrivals, name="arrivals"),
    path("departments/", archive.board_list, name="board_list"),
    path("archive/", archive.archive, name="archive"),
    path("calendar/", archive.calendar, name="calendar"),
    path("feed/", feeds.feed_address, name="feed_address"),
    path("feed/<str:key>.xml", feeds.notice_feed, name="feed"),
    path("reading/", board.all_read, name="all_read"),
    path("departments/<int:department_id>/", board.board, name="department_board"),
    path("notices/new/", writing.notice_create, name="notice_create"),
    path("notices/<int:pk>/draft/", include(writing.DESK.urls())),
    path("notices/<int:pk>/draft/preview/", writing.notice_preview, name="notice_preview"),
    path("notices/<int:pk>/approval/", include(writing.DECISIONS.urls())),
    path("notices/<int:pk>/retraction/", keeping.notice_retraction, name="notice_retraction"),
    path("notices/<int:pk>/boards/", keeping.reference_create, name="reference_create"),
    path("boards/<int:pk>/deletion/", keeping.reference_deletion, name="reference_deletion"),
    path("departments/<int:department_id>/keeping/", keeping.board_update, name="board_update"),
    path("departments/<int:department_id>/keeping/delegations/", keeping.delegation_create, name="delegation_create"),
    path("delegations/<int:pk>/end/", keeping.delegation_end, name="delegation_end"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("oversight/", ListPage.of(OversightList), name="oversight"),
    path("notices/<int:pk>/", reading.notice_detail, name="notice_detail"),
    path("notices/<int:pk>/newer/", reading.notice_newer, name="notice_newer"),
    path("notices/<int:pk>/reading/", reading.notice_reading, name="notice_reading"),
    path("notices/<int:pk>/", include(confirmation_urls(Notice))),
    path("notices/<int:pk>/closing/", topics.topic_closing, name="topic_closing"),
    path("suggestions/<int:pk>/adoption/", topics.suggestion_adoption, name="suggestion_adoption"),
    path("suggestions/<int:pk>/adoption/withdrawal/", topics.suggestion_withdrawal, name="suggestion_withdrawal"),
    path("suggestions/<int:pk>/adoption/done/", topics.suggestion_done, name="suggestion_done"),
    path("notices/<int:pk>/changes/<int:number>/", changes.notice_change, name="notice_change"),
    path("news/", include("bulletin.news.urls")),
    path("reports/", reports.department_report, name="department_report"),
]
