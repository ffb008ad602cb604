"""Addresses of the knowledge base."""

from django.urls import include, path

from knowledge.lists import ArticleList, OwnArticleList
from knowledge.views import categories, desk, map, reading, trust, writing
from portal.lists.pages import ListPage

app_name = "knowledge"
urlpatterns = [
    path("", map.knowledge_map, name="map"),
    path("articles/", ListPage.of(ArticleList), name="article_list"),
    path("articles/new/", writing.article_create, name="article_create"),
    path("articles/mine/", ListPage.of(OwnArticleList), name="own_list"),
    path("articles/<int:pk>/", reading.article_detail, name="article_detail"),
    path("articles/<int:pk>/changes/<int:number>/", reading.article_change, name="article_change"),
    path("articles/<int:pk>/draft/", include(writing.DESK.urls())),
    path("articles/<int:pk>/draft/preview/", writing.article_preview, name="article_preview"),
    path("articles/<int:pk>/admission/", include(writing.DECISIONS.urls())),
    path("articles/<int:pk>/admission/assignment/", trust.ArticleAssignment.as_view(), name="article_assignment"),
    path("articles/<int:pk>/review/", trust.ArticleReview.as_view(), name="article_review"),
    path("articles/<int:pk>/withdrawal/", trust.ArticleWithdrawal.as_view(), name="article_withdrawal"),
    path("articles/<int:pk>/category/", trust.ArticleMove.as_view(), name="article_move"),
    path("articles/<int:pk>/usefulness/", trust.article_usefulness, name="article_usefulness"),
    path("articles/<int:pk>/suggestions/new/", trust.SuggestionCreate.as_view(), name="suggestion_create"),
    path("suggestions/<int:pk>/answer/", trust.SuggestionAnswer.as_view(), name="suggestion_answer"),
    path("desk/", desk.desk, name="desk"),
    path("categories/", categories.category_list, name="category_list"),
    path("categories/new/", categories.CategoryCreate.as_view(), name="category_create"),
    path("categories/<int:pk>/", categories.CategoryUpdate.as_view(), name="category_update"),
    path("categories/<int:pk>/deletion/", categories.CategoryDeletion.as_view(), name="category_deletion"),
]
