"""The editor's lists of pages, without what is done to many at once: every act on a page is a service's, and on record."""

from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import BulkActionsColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView, GenericPageFilterSet
from wagtail.admin.views.pages.search import SearchView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page


def _without_many(columns: list[Column]) -> list[Column]:
    return [column for column in columns if not isinstance(column, BulkActionsColumn)]


class EditorFilters(GenericPageFilterSet):
    """By type and day. Wagtail's others name everyone who ever wrote for any department, and sites, of which there is one."""

    owner = edited_by = site = has_child_pages = None


class EditorIndex(ExplorableIndexView):
    base_columns = _without_many(ExplorableIndexView.base_columns)


class EditorSearch(SearchView):
    columns = _without_many(SearchView.columns)


class EditorPages(PageViewSet):
    model = Page
    index_view_class = EditorIndex
    search_view_class = EditorSearch
    filterset_class = EditorFilters
