"""Addresses of marketing, below those of the CRM."""

from django.urls import path

from crm.marketing.lists import CampaignList, CampaignSaleList
from crm.marketing.rival_lists import RivalList, SightingList
from crm.marketing.views import campaigns, home, rivals
from portal.lists.pages import ListPage

urlpatterns = [
    path("marketing/", home.marketing_home, name="marketing_home"),
    path("marketing/campaigns/", campaigns.CampaignListPage.of(CampaignList), name="campaign_list"),
    path("marketing/campaigns/new/", campaigns.CampaignCreate.as_view(), name="campaign_create"),
    path("marketing/campaigns/sales/", ListPage.of(CampaignSaleList), name="campaign_sales"),
    path("marketing/campaigns/<int:pk>/", campaigns.campaign_detail, name="campaign_detail"),
    path("marketing/campaigns/<int:pk>/change/", campaigns.CampaignUpdate.as_view(), name="campaign_update"),
    path("marketing/campaigns/<int:pk>/start/", campaigns.CampaignStart.as_view(), name="campaign_start"),
    path("marketing/campaigns/<int:pk>/end/", campaigns.CampaignEnd.as_view(), name="campaign_end"),
    path("marketing/campaigns/<int:pk>/judgement/", campaigns.CampaignJudge.as_view(), name="campaign_judge"),
    path("marketing/campaigns/<int:pk>/tasks/new/", campaigns.TaskCreate.as_view(), name="campaign_task_create"),
    path("marketing/campaigns/<int:pk>/tasks/<int:task>/", campaigns.TaskDone.as_view(), name="campaign_task_done"),
    path("marketing/campaigns/<int:pk>/expenses/new/", campaigns.ExpenseTie.as_view(), name="campaign_expense_tie"),
    path("marketing/campaigns/<int:pk>/expenses/<int:tie>/removal/", campaigns.ExpenseUntie.as_view(), name="campaign_expense_untie"),
    path("marketing/rivals/", rivals.RivalListPage.of(RivalList), name="rival_list"),
    path("marketing/rivals/new/", rivals.RivalCreate.as_view(), name="rival_create"),
    path("marketing/rivals/sightings/", ListPage.of(SightingList), name="sighting_list"),
    path("marketing/rivals/<int:pk>/", rivals.rival_detail, name="rival_detail"),
    path("marketing/rivals/<int:pk>/change/", rivals.RivalUpdate.as_view(), name="rival_update"),
    path("marketing/rivals/<int:pk>/products/new/", rivals.RivalProductCreate.as_view(), name="rival_product_create"),
    path("marketing/rivals/<int:pk>/facts/new/", rivals.FactCreate.as_view(), name="rival_fact_create"),
]
