"""Addresses of marketing, below those of the CRM."""

from django.urls import path

from crm.marketing.channel_lists import ChannelCustomerList, ChannelStockList
from crm.marketing.launch_lists import LaunchOpinionList, LaunchShopList
from crm.marketing.lists import CampaignList, CampaignSaleList
from crm.marketing.meeting_lists import MeetingList, MeetingPointList
from crm.marketing.news_lists import MarketNoteList
from crm.marketing.rival_lists import RivalList, SightingList
from crm.marketing.views import campaigns, channel, home, launches, meetings, news, rivals
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
    path("marketing/channel/", channel.channel_figures, name="channel_figures"),
    path("marketing/channel/stocks/", ListPage.of(ChannelStockList), name="channel_stocks"),
    path("marketing/channel/visits/new/", channel.StepIn.as_view(), name="channel_step_in"),
    path("marketing/channel/customers/", ListPage.of(ChannelCustomerList), name="channel_customers"),
    path("marketing/channel/customers/<int:pk>/", channel.channel_customer, name="channel_customer"),
    path("customers/<int:pk>/stock/new/", channel.StockCreate.as_view(), name="channel_stock_create"),
    path("marketing/launches/shops/", ListPage.of(LaunchShopList), name="launch_shops"),
    path("marketing/launches/opinions/", ListPage.of(LaunchOpinionList), name="launch_opinions"),
    path("marketing/launches/<int:pk>/", launches.launch_detail, name="launch_detail"),
    path("marketing/launches/<int:pk>/opinions/new/", launches.OpinionCreate.as_view(), name="launch_opinion_create"),
    path("marketing/launches/<int:pk>/opinions/<int:opinion>/task/", launches.OpinionTake.as_view(), name="launch_opinion_take"),
    path("marketing/meetings/", meetings.MeetingListPage.of(MeetingList), name="meeting_list"),
    path("marketing/meetings/new/", meetings.MeetingCreate.as_view(), name="meeting_create"),
    path("marketing/meetings/points/", ListPage.of(MeetingPointList), name="meeting_points"),
    path("marketing/meetings/<int:pk>/", meetings.meeting_detail, name="meeting_detail"),
    path("marketing/meetings/<int:pk>/change/", meetings.MeetingUpdate.as_view(), name="meeting_update"),
    path("marketing/meetings/<int:pk>/guests/new/", meetings.GuestsAdd.as_view(), name="meeting_guests"),
    path("marketing/meetings/<int:pk>/points/new/", meetings.PointCreate.as_view(), name="meeting_point_create"),
    path("marketing/meetings/<int:pk>/points/<int:point>/", meetings.PointDone.as_view(), name="meeting_point_done"),
    path("marketing/meetings/<int:pk>/points/<int:point>/judgement/", meetings.PointJudge.as_view(), name="meeting_point_judge"),
    path("marketing/news/", ListPage.of(MarketNoteList), name="market_note_list"),
    path("marketing/news/new/", news.NewsCreate.as_view(), name="market_note_create"),
    path("marketing/news/<int:pk>/", news.market_note_detail, name="market_note_detail"),
    path("marketing/news/<int:pk>/judgement/", news.NewsJudge.as_view(), name="market_note_judge"),
]
