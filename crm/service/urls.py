"""Addresses of service, below those of the CRM."""

from django.urls import path

from crm.service.lists import ObjectionList, RequestList
from crm.service.views import figures, objections, reports, requests, rules, warnings
from crm.service.warning_lists import ReportList, WarningList
from portal.lists.pages import ListPage

urlpatterns = [
    path("service/", ListPage.of(RequestList), name="request_list"),
    path("service/new/", requests.RequestCreate.as_view(), name="request_create"),
    path("service/rules/", rules.rule_list, name="service_rules"),
    path("service/rules/responses/new/", rules.ResponseRuleSet.as_view(), name="response_rule_set"),
    path("service/rules/responses/<int:pk>/remove/", rules.ResponseRuleRemove.as_view(), name="response_rule_remove"),
    path("service/rules/grades/new/", rules.GradeRuleSet.as_view(), name="grade_rule_set"),
    path("service/rules/steps/new/", rules.StepRuleSet.as_view(), name="step_rule_set"),
    path("service/rules/warnings/new/", warnings.WarningRuleSet.as_view(), name="warning_rule_set"),
    path("service/figures/", figures.service_figures, name="service_figures"),
    path("service/warnings/", ListPage.of(WarningList), name="warning_list"),
    path("service/warnings/look/", warnings.WarningLook.as_view(), name="warning_look"),
    path("service/warnings/<int:pk>/", warnings.warning_detail, name="warning_detail"),
    path("service/warnings/<int:pk>/measure/", warnings.WarningTreat.as_view(), name="warning_treat"),
    path("service/warnings/<int:pk>/verification/", warnings.WarningVerify.as_view(), name="warning_verify"),
    path("service/warnings/<int:pk>/handover/", warnings.WarningHandOn.as_view(), name="warning_hand_on"),
    path("service/reports/", ListPage.of(ReportList), name="report_list"),
    path("service/reports/new/", reports.ReportCreate.as_view(), name="report_create"),
    path("service/reports/<int:pk>/", reports.report_detail, name="report_detail"),
    path("service/reports/<int:pk>/taken/", reports.ReportTake.as_view(), name="report_take"),
    path("service/reports/<int:pk>/outcome/", reports.ReportClose.as_view(), name="report_close"),
    path("service/objections/", ListPage.of(ObjectionList), name="objection_list"),
    path("service/objections/new/", objections.ObjectionStart.as_view(), name="objection_start"),
    path("service/objections/new/<int:pk>/", objections.ObjectionCreate.as_view(), name="objection_create"),
    path("service/objections/<int:pk>/", objections.objection_detail, name="objection_detail"),
    path("service/objections/<int:pk>/diagnosis/", objections.ObjectionDiagnose.as_view(), name="objection_diagnose"),
    path("service/objections/<int:pk>/judgement/", objections.ObjectionJudge.as_view(), name="objection_judge"),
    path("service/objections/<int:pk>/compensation/", objections.ObjectionCompensate.as_view(), name="objection_compensate"),
    path("service/objections/<int:pk>/word/", objections.ObjectionClose.as_view(), name="objection_close"),
    path("service/objections/<int:pk>/reopening/", objections.ObjectionReopen.as_view(), name="objection_reopen"),
    path("service/objections/<int:pk>/costs/new/", objections.CostCreate.as_view(), name="objection_cost_create"),
    path("service/objections/<int:pk>/evidence/new/", objections.EvidenceAdd.as_view(), name="evidence_add"),
    path("service/requests/<int:pk>/", requests.request_detail, name="request_detail"),
    path("service/requests/<int:pk>/answer/", requests.RequestAnswer.as_view(), name="request_answer"),
    path("service/requests/<int:pk>/wait/", requests.RequestWait.as_view(), name="request_wait"),
    path("service/requests/<int:pk>/resume/", requests.RequestResume.as_view(), name="request_resume"),
    path("service/requests/<int:pk>/solution/", requests.RequestSolve.as_view(), name="request_solve"),
    path("service/requests/<int:pk>/reopen/", requests.RequestReopen.as_view(), name="request_reopen"),
    path("service/requests/<int:pk>/handover/", requests.RequestHandOn.as_view(), name="request_hand_on"),
    path("service/requests/<int:pk>/customer/", requests.RequestName.as_view(), name="request_name"),
    path("service/requests/<int:pk>/lead/", requests.RequestToSales.as_view(), name="request_to_sales"),
]
