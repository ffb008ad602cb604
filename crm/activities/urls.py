"""Addresses of visits and calls, below those of the CRM."""

from django.urls import path

from crm.activities.diary_lists import DiaryList
from crm.activities.lists import PromiseList, VisitList
from crm.activities.views import diaries, measures, plans, promises, visits, weeks
from portal.lists.pages import ListPage

urlpatterns = [
    path("visits/", weeks.visit_week, name="visit_week"),
    path("visits/all/", ListPage.of(VisitList), name="visit_list"),
    path("visits/new/", visits.VisitWrite.as_view(), name="visit_write"),
    path("visits/<int:pk>/", visits.visit_detail, name="visit_detail"),
    path("visits/<int:pk>/request/", visits.VisitHandOn.as_view(), name="visit_hand_on"),
    path("visits/promises/", ListPage.of(PromiseList), name="promise_list"),
    path("visits/promises/new/", promises.PromiseAgree.as_view(), name="promise_agree"),
    path("visits/promises/<int:pk>/", promises.promise_detail, name="promise_detail"),
    path("visits/promises/<int:pk>/day/", promises.PromisePlan.as_view(), name="promise_plan"),
    path("visits/promises/<int:pk>/why/", promises.PromiseExplain.as_view(), name="promise_explain"),
    path("visits/promises/<int:pk>/excuse/", promises.PromiseExcuse.as_view(), name="promise_excuse"),
    path("visits/diaries/", ListPage.of(DiaryList), name="diary_list"),
    path("visits/diaries/new/", diaries.DiaryWrite.as_view(), name="diary_write"),
    path("visits/diaries/writers/", diaries.diary_writers, name="diary_writers"),
    path("visits/diaries/<int:pk>/", diaries.diary_detail, name="diary_detail"),
    path("visits/diaries/<int:pk>/answers/new/", diaries.DiaryAnswering.as_view(), name="diary_answer"),
    path("visits/diaries/<int:pk>/reading/", diaries.DiaryRead.as_view(), name="diary_read"),
    path("visits/measures/", measures.known_measures, name="known_measures"),
    path("visits/rules/", plans.rule_list, name="rule_list"),
    path("visits/rules/set/", plans.RuleSet.as_view(), name="rule_set"),
    path("visits/months/new/", plans.MonthLay.as_view(), name="month_lay"),
    path("visits/months/<int:pk>/", plans.laying_detail, name="laying_detail"),
    path("portfolios/<int:pk>/measure/", plans.MeasureUpdate.as_view(), name="measure_update"),
    path("portfolios/<int:pk>/missed/", plans.MissedExplain.as_view(), name="promises_explain"),
    path("portfolios/<int:pk>/line/", plans.LineUpdate.as_view(), name="line_update"),
]
