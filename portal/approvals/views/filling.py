"""What a step fills in: its fields and columns alone, together with the decision."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import Http404, HttpRequest
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from portal.access.decorators import employee_required
from portal.approvals.fields_said import names_in, said_fields
from portal.approvals.models import Paper, Task
from portal.approvals.paper_form import PaperForm, initial_of
from portal.approvals.services.deciding import approve_task, written_in
from portal.approvals.views.acts import TaskPage
from portal.approvals.views.tables import TablesPage
from portal.foundation.asking import read_number
from portal.foundation.once import key_in


@method_decorator(employee_required, name="dispatch")
class TaskFilling(TablesPage, TaskPage):
    """The fields that are this step's, with what stands in the others to read. A field of another's in the post is refused by name (403)."""

    template_name = "approvals/task_filling.html"

    def load(self, request: HttpRequest, **kwargs: Any) -> Task:
        task: Task = super().load(request, **kwargs)
        self.paper, self.task, self.kind = task.paper, task, task.paper.kind
        self.writes = written_in(task.paper, task.step)
        if not self.writes or task.place != Task.Place.CORE:
            raise Http404
        return task

    def form_class(self, *args: Any, **kwargs: Any) -> forms.Form:  # type: ignore[override]
        paper = self._paper()
        more: dict[str, Any] = {"kind": self.kind, "actor": self.request.user, "paper": paper, "stored": paper.content.values if paper.content else {}}
        more |= {"plan": paper.form.plan, "route": paper.route.plan, "writes": self.writes, "is_draft": self.is_about_tables}
        self.form = PaperForm(*args, **more, **kwargs)
        return self.form

    def initial(self) -> dict[str, Any]:
        paper = self._paper()
        return initial_of(paper.form.plan, paper.content.values if paper.content else {}, {})

    def get_heading(self) -> str:
        return self._paper().title

    def do(self, request: HttpRequest, values: dict[str, Any]) -> str:
        assert self.task is not None
        seen, opinion = read_number(request.POST, "seen"), str(request.POST.get("opinion", ""))
        approve_task(self.task.pk, actor=request.user, seen=seen, key=key_in(request) or uuid4(), opinion=opinion, filled=self.form.values())
        return _("Filled in and handed on.")

    def more_context(self) -> dict[str, Any]:
        paper = self._paper()
        assert self.task is not None
        assert paper.content is not None
        plan = paper.form.plan
        context = {
            "paper": paper,
            "task": self.task,
            "seen": paper.content.number,
            "opinion": self.request.POST.get("opinion", ""),
            "fields": [field for field in said_fields(plan, paper.content.values, names_in(plan, paper.content.values)) if field.key not in self.writes],
        }
        return super().more_context() | context

    def _paper(self) -> Paper:
        assert self.paper is not None
        return self.paper
