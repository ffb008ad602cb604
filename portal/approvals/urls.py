from django.urls import path

from portal.approvals.lists import BegunList, CopiedList, DecidedList
from portal.approvals.views import acts, filling, inbox, papers, writing
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
    path("papers/<int:pk>/changes/<int:number>/", papers.paper_change, name="paper_change"),
    path("papers/<int:pk>/draft/", writing.PaperDraft.as_view(), name="paper_draft"),
    path("papers/<int:pk>/deletion/", writing.DraftDeletion.as_view(), name="paper_deletion"),
    path("papers/<int:pk>/withdrawal/", acts.PaperWithdrawal.as_view(), name="paper_withdrawal"),
    path("papers/<int:pk>/copies/", acts.PaperCopies.as_view(), name="paper_copies"),
    path("papers/<int:pk>/urging/", acts.PaperUrging.as_view(), name="paper_urging"),
    path("tasks/<int:pk>/decision/", acts.task_decision, name="task_decision"),
    path("tasks/<int:pk>/filling/", filling.TaskFilling.as_view(), name="task_filling"),
    path("tasks/<int:pk>/return/", acts.TaskReturn.as_view(), name="task_return"),
    path("tasks/<int:pk>/transfer/", acts.TaskTransfer.as_view(), name="task_transfer"),
    path("tasks/<int:pk>/question/", acts.TaskQuestion.as_view(), name="task_question"),
    path("tasks/<int:pk>/signer/", acts.TaskSigner.as_view(), name="task_signer"),
    path("tasks/<int:pk>/answer/", acts.TaskAnswer.as_view(), name="task_answer"),
]
