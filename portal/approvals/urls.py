from django.urls import path

from portal.approvals.lists import BegunList, CopiedList, DecidedList, KindList
from portal.approvals.views import acts, drawing, drawing_fields, drawing_route, filling, inbox, papers, statistics, writing
from portal.lists.pages import ListPage

app_name = "approvals"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("begun/", ListPage.of(BegunList), name="paper_list"),
    path("decided/", ListPage.of(DecidedList), name="decided_list"),
    path("copies/", ListPage.of(CopiedList), name="copied_list"),
    path("new/", writing.kind_choice, name="kind_choice"),
    path("new/<slug:code>/", writing.PaperCreate.as_view(), name="paper_create"),
    path("new/<slug:code>/way/", writing.way_preview, name="way_preview"),
    path("papers/<int:pk>/", papers.paper_detail, name="paper_detail"),
    path("papers/<int:pk>/way/", papers.paper_way, name="paper_way"),
    path("papers/<int:pk>/print/", papers.paper_print, name="paper_print"),
    path("papers/<int:pk>/lines/<slug:key>/", papers.paper_lines, name="paper_lines"),
    path("papers/<int:pk>/changes/<int:number>/", papers.paper_change, name="paper_change"),
    path("papers/<int:pk>/draft/", writing.PaperDraft.as_view(), name="paper_draft"),
    path("papers/<int:pk>/deletion/", writing.DraftDeletion.as_view(), name="paper_deletion"),
    path("papers/<int:pk>/withdrawal/", acts.PaperWithdrawal.as_view(), name="paper_withdrawal"),
    path("papers/<int:pk>/taking-back/", acts.PaperTakingBack.as_view(), name="paper_taking_back"),
    path("papers/<int:pk>/voiding/", acts.PaperVoiding.as_view(), name="paper_voiding"),
    path("papers/<int:pk>/voiding/answer/", acts.PaperVoidAnswer.as_view(), name="paper_void_answer"),
    path("papers/<int:pk>/copies/", acts.PaperCopies.as_view(), name="paper_copies"),
    path("papers/<int:pk>/urging/", acts.PaperUrging.as_view(), name="paper_urging"),
    path("tasks/<int:pk>/decision/", acts.task_decision, name="task_decision"),
    path("tasks/<int:pk>/filling/", filling.TaskFilling.as_view(), name="task_filling"),
    path("tasks/<int:pk>/return/", acts.TaskReturn.as_view(), name="task_return"),
    path("tasks/<int:pk>/transfer/", acts.TaskTransfer.as_view(), name="task_transfer"),
    path("tasks/<int:pk>/question/", acts.TaskQuestion.as_view(), name="task_question"),
    path("tasks/<int:pk>/signer/", acts.TaskSigner.as_view(), name="task_signer"),
    path("tasks/<int:pk>/answer/", acts.TaskAnswer.as_view(), name="task_answer"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("kinds/", ListPage.of(KindList), name="kind_list"),
    path("kinds/new/", drawing.KindCreate.as_view(), name="kind_create"),
    path("kinds/<slug:code>/", drawing.kind_form, name="kind_form"),
    path("kinds/<slug:code>/route/", drawing_route.kind_route, name="kind_route"),
    path("kinds/<slug:code>/settings/", drawing.KindSettings.as_view(), name="kind_settings"),
    path("kinds/<slug:code>/publication/", drawing.kind_publication, name="kind_publication"),
    path("kinds/<slug:code>/acts/", drawing.kind_act, name="kind_act"),
    path("kinds/<slug:code>/field/", drawing_fields.FieldPage.as_view(), name="kind_field"),
    path("kinds/<slug:code>/table/", drawing_fields.TablePage.as_view(), name="kind_table"),
    path("kinds/<slug:code>/step/", drawing_route.StepPage.as_view(), name="kind_step"),
    path("kinds/<slug:code>/case/", drawing_route.CasePage.as_view(), name="kind_case"),
]
