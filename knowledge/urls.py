"""Addresses of the knowledge base."""

from django.urls import include, path

from knowledge.import_lists import ImportItemList, ImportRunList
from knowledge.lists import ArticleList, OwnArticleList
from knowledge.models import Policy
from knowledge.policy_lists import PolicyList
from knowledge.views import categories, desk, imports, map, policies, policy_documents, policy_keeping, reading, trust, writing
from portal.confirmations.pages import confirmation_urls
from portal.lists.pages import ListPage

app_name = "knowledge"
urlpatterns = [
    path("", map.knowledge_map, name="map"),
    path("articles/", ListPage.of(ArticleList), name="article_list"),
    path("articles/new/", writing.article_create, name="article_create"),
    path("articles/mine/", ListPage.of(OwnArticleList), name="own_list"),
    path("articles/<int:pk>/", reading.article_detail, name="article_detail"),
    path("articles/<int:pk>/changes/<int:number>/", reading.article_change, name="article_change"),
    path("articles/<int:pk>/newer/", reading.article_newer, name="article_newer"),
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
    path("imports/", ListPage.of(ImportRunList), name="import_list"),
    path("imports/new/", imports.ImportCreate.as_view(), name="import_create"),
    path("imports/files/", ListPage.of(ImportItemList), name="import_items"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/files/", imports.import_files, name="import_files"),
    path("imports/<int:pk>/start/", imports.ImportStart.as_view(), name="import_start"),
    path("imports/<int:pk>/retry/", imports.ImportRetry.as_view(), name="import_retry"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:pk>/removal/", imports.ImportRemoval.as_view(), name="import_removal"),
    path("categories/", categories.category_list, name="category_list"),
    path("categories/new/", categories.CategoryCreate.as_view(), name="category_create"),
    path("categories/<int:pk>/", categories.CategoryUpdate.as_view(), name="category_update"),
    path("categories/<int:pk>/deletion/", categories.CategoryDeletion.as_view(), name="category_deletion"),
    path("policies/", ListPage.of(PolicyList), name="policy_list"),
    path("policies/new/", policy_keeping.policy_create, name="policy_create"),
    path("policies/new/document/", policy_documents.NewPolicyDocument.as_view(), name="policy_document_create"),
    path("policies/<int:pk>/", policies.policy_detail, name="policy_detail"),
    path("policies/<int:pk>/", include(confirmation_urls(Policy))),
    path("policies/<int:pk>/comparison/<int:before>/<int:after>/", policies.policy_comparison, name="policy_comparison"),
    path("policies/<int:pk>/newer/", policies.policy_newer, name="policy_newer"),
    path("policies/<int:pk>/draft/", include(policy_keeping.DESK.urls())),
    path("policies/<int:pk>/draft/preview/", policy_keeping.policy_preview, name="policy_preview"),
    path("policies/<int:pk>/draft/document/", policy_documents.PolicyDocument.as_view(), name="policy_document"),
    path("policies/<int:pk>/draft/pair/", policy_keeping.PairSetting.as_view(), name="policy_pair"),
    path("policies/<int:pk>/review/", policy_keeping.PolicyReviewing.as_view(), name="policy_review"),
    path("policies/<int:pk>/repeal/", policy_keeping.PolicyRepealing.as_view(), name="policy_repeal"),
    path("policies/<int:pk>/versions/<int:number>/withdrawal/", policy_keeping.VersionWithdrawal.as_view(), name="policy_version_withdrawal"),
    path("policies/<int:pk>/grants/", policy_keeping.PolicyGrants.as_view(), name="policy_grants"),
    path("policies/<int:pk>/request/", policy_keeping.RequestCreate.as_view(), name="policy_request"),
    path("policies/grants/<int:pk>/end/", policy_keeping.GrantEnd.as_view(), name="grant_end"),
    path("policies/requests/<int:pk>/answer/", policy_keeping.RequestAnswer.as_view(), name="request_answer"),
    path("policies/departments/<int:department_id>/", policy_keeping.ShelfUpdate.as_view(), name="shelf_update"),
]
