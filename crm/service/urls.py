"""Addresses of service, below those of the CRM."""

from django.urls import path

from crm.service.lists import RequestList
from crm.service.views import requests, rules
from portal.lists.pages import ListPage

urlpatterns = [
    path("service/", ListPage.of(RequestList), name="request_list"),
    path("service/new/", requests.RequestCreate.as_view(), name="request_create"),
    path("service/rules/", rules.rule_list, name="service_rules"),
    path("service/rules/responses/new/", rules.ResponseRuleSet.as_view(), name="response_rule_set"),
    path("service/rules/responses/<int:pk>/remove/", rules.ResponseRuleRemove.as_view(), name="response_rule_remove"),
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
