"""Addresses of visits and calls, below those of the CRM."""

from django.urls import path

from crm.activities.care_lists import CareCaseList, CareList
from crm.activities.diary_lists import DiaryList
from crm.activities.lists import PromiseList, VisitList
from crm.activities.market_report_lists import MarketCallList, MarketReportList
from crm.activities.views import care_cases, cares, diaries, market_reports, measures, plans, promises, visits, weeks
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
    path("visits/cares/", cares.CareListPage.of(CareList), name="care_list"),
    path("visits/cares/new/", cares.CareOpen.as_view(), name="care_open"),
    path("visits/cares/<int:pk>/", cares.care_detail, name="care_detail"),
    path("visits/cares/<int:pk>/customers/new/", cares.CareExtend.as_view(), name="care_extend"),
    path("visits/cares/<int:pk>/aid/", cares.CareAid.as_view(), name="care_aid"),
    path("visits/cares/<int:pk>/paper/", cares.CareAsk.as_view(), name="care_ask"),
    path("visits/cares/<int:pk>/result/", cares.CareEvaluate.as_view(), name="care_evaluate"),
    path("visits/cares/customers/", ListPage.of(CareCaseList), name="care_cases"),
    path("visits/cares/customers/<int:pk>/", care_cases.care_case, name="care_case"),
    path("visits/cares/customers/<int:pk>/answer/", care_cases.CaseAnswer.as_view(), name="care_answer"),
    path("visits/cares/customers/<int:pk>/given/", care_cases.CaseHandedOver.as_view(), name="care_given"),
    path("visits/market/", market_reports.MarketListPage.of(MarketReportList), name="market_report_list"),
    path("visits/market/figures/", market_reports.market_figures, name="market_figures"),
    path("visits/market/calls/", market_reports.MarketListPage.of(MarketCallList), name="market_call_list"),
    path("visits/market/calls/new/", market_reports.MarketCallOpen.as_view(), name="market_call_open"),
    path("visits/market/calls/<int:pk>/", market_reports.market_call_detail, name="market_call_detail"),
    path("visits/market/<int:pk>/", market_reports.market_report_detail, name="market_report_detail"),
    path("visits/market/<int:pk>/answers/", market_reports.MarketReportWrite.as_view(), name="market_report_write"),
    path("visits/market/<int:pk>/back/", market_reports.MarketReportBack.as_view(), name="market_report_back"),
    path("visits/market/<int:pk>/grade/", market_reports.MarketReportGrade.as_view(), name="market_report_grade"),
    path("visits/measures/", measures.known_measures, name="known_measures"),
    path("visits/rules/", plans.rule_list, name="rule_list"),
    path("visits/rules/set/", plans.RuleSet.as_view(), name="rule_set"),
    path("visits/months/new/", plans.MonthLay.as_view(), name="month_lay"),
    path("visits/months/<int:pk>/", plans.laying_detail, name="laying_detail"),
    path("portfolios/<int:pk>/measure/", plans.MeasureUpdate.as_view(), name="measure_update"),
    path("portfolios/<int:pk>/missed/", plans.MissedExplain.as_view(), name="promises_explain"),
    path("portfolios/<int:pk>/line/", plans.LineUpdate.as_view(), name="line_update"),
]
