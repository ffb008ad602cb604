"""Addresses of plans, below those of the CRM."""

from django.urls import path

from crm.plans.lists import PlanList, SoldList
from crm.plans.views import detail, plans, spending, splitting, sufficiency
from portal.lists.pages import ListPage

urlpatterns = [
    path("expenses/figures/", spending.expense_figures, name="expense_figures"),
    path("plans/", detail.PlanListPage.of(PlanList), name="plan_list"),
    path("plans/new/", plans.PlanCreate.as_view(), name="plan_create"),
    path("plans/sold/", ListPage.of(SoldList), name="sold_list"),
    path("plans/<int:pk>/", detail.plan_detail, name="plan_detail"),
    path("plans/<int:pk>/sufficiency/", sufficiency.plan_sufficiency, name="plan_sufficiency"),
    path("plans/<int:pk>/amount/", plans.PlanAmount.as_view(), name="plan_amount"),
    path("plans/<int:pk>/submission/", plans.PlanSubmit.as_view(), name="plan_submit"),
    path("plans/<int:pk>/versions/new/", plans.PlanRevise.as_view(), name="plan_revise"),
    path("plans/<int:pk>/lines/<int:line>/", splitting.plan_split, name="plan_split"),
    path("plans/<int:pk>/lines/<int:line>/reasons/new/", plans.DeviationCreate.as_view(), name="deviation_create"),
]
