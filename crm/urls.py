"""Addresses of the CRM."""

from django.urls import include, path

from crm.activities.urls import urlpatterns as activities
from crm.catalogue.urls import urlpatterns as catalogue
from crm.customers.lists import CustomerList, PortfolioList
from crm.customers.views import callers, customers, dossiers, intakes, merges, pairs, people, portfolios, tiers
from crm.extranet.urls import urlpatterns as extranet
from crm.marketing.urls import urlpatterns as marketing
from crm.orders.urls import urlpatterns as orders
from crm.plans.urls import urlpatterns as plans
from crm.sales.urls import urlpatterns as sales
from crm.service.urls import urlpatterns as service
from crm.surveys.urls import urlpatterns as surveys
from portal.imports.urls import importer_urls
from portal.lists.pages import ListPage

app_name = "crm"
urlpatterns = [
    path("customers/", ListPage.of(CustomerList), name="customer_list"),
    path("customers/imports/", include(importer_urls("crm.customers", "customer_import"))),
    path("customers/imports/<int:pk>/undone/", intakes.IntakeUndo.as_view(), name="intake_undo"),
    path("callers/", callers.caller_list, name="caller_list"),
    path("duplicates/", pairs.pair_list, name="pair_list"),
    path("duplicates/<int:pk>/apart/", pairs.PairApart.as_view(), name="pair_apart"),
    path("tiers/", tiers.tier_list, name="tier_list"),
    path("tiers/decisions/new/", tiers.TierDecide.as_view(), name="tier_decide"),
    path("stages/<slug:stage>/", tiers.StageDescribe.as_view(), name="stage_describe"),
    path("tiers/<slug:tier>/", tiers.TierDescribe.as_view(), name="tier_describe"),
    path("customers/new/", customers.CustomerCreate.as_view(), name="customer_create"),
    path("customers/alike/", customers.customers_alike, name="customers_alike"),
    path("customers/<int:pk>/", customers.customer_detail, name="customer_detail"),
    path("customers/<int:pk>/change/", customers.CustomerUpdate.as_view(), name="customer_update"),
    path("customers/<int:pk>/history/", customers.customer_history, name="customer_history"),
    path("customers/<int:pk>/portfolio/", customers.CustomerMove.as_view(), name="customer_move"),
    path("customers/<int:pk>/merge/", merges.CustomerOther.as_view(), name="customer_other"),
    path("customers/<int:pk>/merge/<int:other>/", merges.CustomerMerge.as_view(), name="customer_merge"),
    path("customers/<int:pk>/merges/", merges.customer_merges, name="customer_merges"),
    path("customers/<int:pk>/merges/<int:merge>/undone/", merges.MergeUndo.as_view(), name="merge_undo"),
    path("customers/<int:pk>/contacts/new/", people.ContactCreate.as_view(), name="contact_create"),
    path("customers/<int:pk>/contacts/<int:contact>/", people.ContactUpdate.as_view(), name="contact_update"),
    path("customers/<int:pk>/dossier/new/", dossiers.DossierAdd.as_view(), name="dossier_add"),
    path("customers/<int:pk>/dossier/<int:entry>/", dossiers.dossier_entry, name="dossier_entry"),
    path("customers/<int:pk>/dossier/<int:entry>/replaced/", dossiers.DossierReplace.as_view(), name="dossier_replace"),
    path("customers/<int:pk>/dealings/new/", people.DealingCreate.as_view(), name="dealing_create"),
    path("customers/<int:pk>/dealings/<int:dealing>/kept/", people.PromiseKept.as_view(), name="promise_kept"),
    path("portfolios/", ListPage.of(PortfolioList), name="portfolio_list"),
    path("portfolios/new/", portfolios.PortfolioCreate.as_view(), name="portfolio_create"),
    path("portfolios/<int:pk>/", portfolios.portfolio_detail, name="portfolio_detail"),
    path("portfolios/<int:pk>/change/", portfolios.PortfolioUpdate.as_view(), name="portfolio_update"),
    path("portfolios/<int:pk>/handover/", portfolios.PortfolioHandover.as_view(), name="portfolio_handover"),
    *catalogue,
    *orders,
    *activities,
    *sales,
    *service,
    *marketing,
    *plans,
    *surveys,
    *extranet,
]
