"""Addresses of the news, below the bulletin's."""

from django.urls import include, path

from bulletin.news.views import desk, feeds, reading, writing

urlpatterns = [
    path("", reading.news, name="news"),
    path("new/", writing.news_create, name="news_create"),
    path("desk/", desk.news_desk, name="news_desk"),
    path("queue/", desk.news_queue, name="news_queue"),
    path("feeds/", feeds.news_feed_list, name="news_feed_list"),
    path("feeds/new/", feeds.news_feed_create, name="news_feed_create"),
    path("feeds/<int:pk>/", feeds.news_feed_update, name="news_feed_update"),
    path("feeds/<int:pk>/reading/", feeds.news_feed_reading, name="news_feed_reading"),
    path("<int:pk>/", reading.news_item, name="news_item"),
    path("<int:pk>/draft/", include(writing.DESK.urls())),
    path("<int:pk>/draft/preview/", writing.news_preview, name="news_preview"),
    path("<int:pk>/lead/", writing.news_lead, name="news_lead"),
    path("<int:pk>/retraction/", writing.news_retraction, name="news_retraction"),
]
