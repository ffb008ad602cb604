"""The portal with a list of papers."""

from django.urls import path

from portal.lists.pages import ListPage
from tests.discussion.urls import handler500, urlpatterns  # noqa: F401
from tests.papers.lists import PaperList

urlpatterns = [path("papers/", ListPage.of(PaperList), name="paper_list"), *urlpatterns]
