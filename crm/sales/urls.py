"""Addresses of sales, below those of the CRM."""

from django.urls import path

from crm.sales.expense_lists import ExpenseList
from crm.sales.lists import LeadList, OpportunityList, QuotationList
from crm.sales.views import board, expenses, funnel, leads, opportunities, quotations, stages
from portal.lists.pages import ListPage

urlpatterns = [
    path("sales/", board.opportunity_board, name="opportunity_board"),
    path("sales/funnel/", funnel.sales_funnel, name="sales_funnel"),
    path("sales/stages/", stages.stage_list, name="stage_list"),
    path("sales/stages/new/", stages.StageCreate.as_view(), name="stage_create"),
    path("sales/stages/<int:pk>/", stages.StageUpdate.as_view(), name="stage_update"),
    path("sales/stages/<int:pk>/end/", stages.StageEnd.as_view(), name="stage_end"),
    path("expenses/", expenses.ExpenseListPage.of(ExpenseList), name="expense_list"),
    path("expenses/new/", expenses.ExpenseCreate.as_view(), name="expense_create"),
    path("expenses/bound/", expenses.BoundUpdate.as_view(), name="expense_bound"),
    path("expenses/<int:pk>/", expenses.expense_detail, name="expense_detail"),
    path("expenses/<int:pk>/correction/", expenses.ExpenseCorrect.as_view(), name="expense_correct"),
    path("expenses/<int:pk>/withdrawal/", expenses.ExpenseWithdraw.as_view(), name="expense_withdraw"),
    path("expenses/<int:pk>/confirmation/", expenses.ExpenseConfirm.as_view(), name="expense_confirm"),
    path("expenses/<int:pk>/return/", expenses.ExpenseReturn.as_view(), name="expense_return"),
    path("leads/", ListPage.of(LeadList), name="lead_list"),
    path("leads/new/", leads.LeadCreate.as_view(), name="lead_create"),
    path("leads/<int:pk>/", leads.lead_detail, name="lead_detail"),
    path("leads/<int:pk>/drop/", leads.LeadDrop.as_view(), name="lead_drop"),
    path("customers/<int:pk>/quotations/new/", quotations.quotation_create, name="quotation_create"),
    path("quotations/", ListPage.of(QuotationList), name="quotation_list"),
    path("quotations/<int:pk>/", quotations.quotation_detail, name="quotation_detail"),
    path("quotations/<int:pk>/change/", quotations.quotation_write, name="quotation_write"),
    path("quotations/<int:pk>/send/", quotations.QuotationSend.as_view(), name="quotation_send"),
    path("quotations/<int:pk>/decline/", quotations.QuotationDecline.as_view(), name="quotation_decline"),
    path("quotations/<int:pk>/order/", quotations.QuotationOrder.as_view(), name="quotation_order"),
    path("quotations/<int:pk>/print/", quotations.quotation_print, name="quotation_print"),
    path("opportunities/", ListPage.of(OpportunityList), name="opportunity_list"),
    path("opportunities/new/", opportunities.OpportunityCreate.as_view(), name="opportunity_create"),
    path("opportunities/<int:pk>/", opportunities.opportunity_detail, name="opportunity_detail"),
    path("opportunities/<int:pk>/change/", opportunities.OpportunityUpdate.as_view(), name="opportunity_update"),
    path("opportunities/<int:pk>/stage/", opportunities.OpportunityMove.as_view(), name="opportunity_move"),
    path("opportunities/<int:pk>/steps/new/", opportunities.StepCreate.as_view(), name="step_create"),
    path("opportunities/<int:pk>/win/", opportunities.OpportunityWin.as_view(), name="opportunity_win"),
    path("opportunities/<int:pk>/lose/", opportunities.OpportunityLose.as_view(), name="opportunity_lose"),
    path("opportunities/<int:pk>/reopen/", opportunities.OpportunityReopen.as_view(), name="opportunity_reopen"),
]
