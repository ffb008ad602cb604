"""What is done with a paper and its tasks."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.approvals.act_forms import AnswerForm, CopiesForm, QuestionForm, ReturnForm, SignerForm, TransferForm, VoidForm, WithdrawalForm
from portal.approvals.definitions.routes import REVISE
from portal.approvals.errors import ChangedMeanwhileError, DecidedMeanwhileError, NotYoursError
from portal.approvals.models import Paper, Task, Vote
from portal.approvals.querysets import with_paper
from portal.approvals.services.asking import add_signer, ask_person, transfer_task
from portal.approvals.services.deciding import LONGEST_OPINION, answer_task, approve_task, refuse_task, return_task, returnable_steps
from portal.approvals.services.others import copy_paper, urge_paper, withdraw_paper
from portal.approvals.services.undoing import answer_void, ask_void, take_back_vote
from portal.approvals.views.papers import paper_context
from portal.foundation.asking import read_number, read_words
from portal.foundation.errors import PortalError
from portal.foundation.form_pages import ActPage, FormPage
from portal.foundation.navigation import Words
from portal.foundation.once import key_in

TASKS = with_paper(Task.objects.select_related("step"), "paper__")
PAPERS = Paper.objects.whole()
AGAIN = (ChangedMeanwhileError, DecidedMeanwhileError)


@require_POST
@employee_required
def task_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse, from the bar below the paper. What was decided or changed meanwhile is told (409), and what was typed stays."""
    task = get_permitted(Task, user=request.user, action="act", rows=TASKS, pk=pk)
    opinion, seen, key = request.POST.get("opinion", "")[: LONGEST_OPINION + 1], read_number(request.POST, "seen"), key_in(request) or uuid4()
    decide, done = (refuse_task, _("Refused.")) if read_words(request.POST, "decision") == Vote.Decision.REFUSE else (approve_task, _("Approved."))
    try:
        decide(task.pk, actor=request.user, seen=seen, key=key, opinion=opinion)
    except PortalError as error:
        status = 409 if isinstance(error, AGAIN) else 403 if isinstance(error, NotYoursError) else 422
        paper = get_permitted(Paper, user=request.user, rows=PAPERS, pk=task.paper_id)
        return render(request, "approvals/paper_detail.html", paper_context(request, paper, error=str(error), typed=opinion, seen=seen), status=status)
    messages.success(request, f"{done} {task.paper}")
    return redirect("approvals:inbox")


class TaskPage(FormPage):
    """A form about a task of one's own. What is sent twice is done once; what was decided meanwhile is told (409)."""

    is_new_thing = True
    is_refused_as_old = False

    def load(self, request: HttpRequest, **kwargs: Any) -> Task:
        return get_permitted(Task, user=request.user, action="act", rows=TASKS, pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("approvals:paper_detail", args=[self.subject.paper_id])

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Approvals"), reverse("approvals:inbox")), (str(self.subject.paper), self.back_url())]

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        try:
            return self.do(request, values)
        except AGAIN:
            self.is_refused_as_old = True
            raise

    def do(self, request: HttpRequest, values: dict[str, Any]) -> str:
        raise NotImplementedError

    def page(self, request: HttpRequest, form: forms.BaseForm, status: int = 200, key: str | None = None) -> HttpResponse:
        return super().page(request, form, 409 if self.is_refused_as_old else status, key)


@method_decorator(employee_required, name="dispatch")
class TaskReturn(TaskPage):
    form_class = ReturnForm
    heading = gettext_lazy("Return")
    submit = gettext_lazy("Return")

    def form_arguments(self) -> dict[str, Any]:
        paper = self.subject.paper
        begun = _("%(person)s, who began it") % {"person": paper.originator.name}
        steps = [(step.key, step.label) for step in returnable_steps(paper, self.subject.step)]
        return {"targets": [(REVISE, begun), *steps]}

    def initial(self) -> dict[str, Any]:
        return {"seen": self.subject.paper.content.number}

    def do(self, request: HttpRequest, values: dict[str, Any]) -> str:
        key = key_in(request) or uuid4()
        is_straight = values["then"] == "straight"
        return_task(self.subject.pk, actor=request.user, seen=values["seen"], key=key, opinion=values["opinion"], to=values["to"], is_straight=is_straight)
        return _("Returned.")


@method_decorator(employee_required, name="dispatch")
class TaskTransfer(TaskPage):
    form_class = TransferForm
    heading = gettext_lazy("Hand on")
    submit = gettext_lazy("Hand on")
    note = gettext_lazy("It is theirs from then on; you go on seeing it.")

    def do(self, request: HttpRequest, values: dict[str, Any]) -> str:
        transfer_task(self.subject.pk, to=values["to"], reason=values["reason"], actor=request.user)
        return _("Handed on to %(person)s.") % {"person": values["to"].name}


@method_decorator(employee_required, name="dispatch")
class TaskQuestion(TaskPage):
    form_class = QuestionForm
    heading = gettext_lazy("Ask somebody")
    submit = gettext_lazy("Ask")
    note = gettext_lazy("It stays with you: you may decide before the answer comes.")

    def do(self, request: HttpRequest, values: dict[str, Any]) -> str:
        ask_person(self.subject.pk, whom=values["whom"], question=values["question"], actor=request.user)
        return _("%(person)s is asked.") % {"person": values["whom"].name}


@method_decorator(employee_required, name="dispatch")
class TaskSigner(TaskPage):
    form_class = SignerForm
    heading = gettext_lazy("Add a signer")
    submit = gettext_lazy("Add")

    def do(self, request: HttpRequest, values: dict[str, Any]) -> str:
        add_signer(self.subject.pk, whom=values["whom"], is_before=values["place"] == "before", reason=values["reason"], actor=request.user)
        return _("%(person)s signs too.") % {"person": values["whom"].name}


@method_decorator(employee_required, name="dispatch")
class TaskAnswer(TaskPage):
    form_class = AnswerForm
    heading = gettext_lazy("Your opinion")
    submit = gettext_lazy("Send")

    def do(self, request: HttpRequest, values: dict[str, Any]) -> str:
        answer_task(self.subject.pk, actor=request.user, key=key_in(request) or uuid4(), opinion=values["opinion"])
        return _("Sent.")


class AboutPaper(TaskPage):
    """The same about a paper as a whole."""

    action: ClassVar[str]

    def load(self, request: HttpRequest, **kwargs: Any) -> Any:
        return get_permitted(Paper, user=request.user, action=self.action, rows=PAPERS, pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("approvals:paper_detail", args=[self.subject.pk])

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Approvals"), reverse("approvals:inbox")), (str(self.subject), self.back_url())]


@method_decorator(employee_required, name="dispatch")
class ReasonedAct(AboutPaper):
    """What is done to a paper by one service, with a reason: `serve(paper, actor=, reason=)`, and what is said once it is done."""

    form_class: ClassVar[type[forms.Form]] = WithdrawalForm
    serve: ClassVar[Callable[..., Any]]
    done: ClassVar[Words]

    def do(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.serve(self.subject, actor=request.user, reason=values["reason"])
        return str(self.done)


class PaperWithdrawal(ReasonedAct):
    action, serve, is_dangerous = "withdraw", staticmethod(withdraw_paper), True
    heading = submit = gettext_lazy("Withdraw")
    note = gettext_lazy("Nobody is asked any more, and it cannot be submitted again. What was decided stays on its trail.")
    done = gettext_lazy("Withdrawn.")


class PaperTakingBack(ReasonedAct):
    action, serve = "take_back", staticmethod(take_back_vote)
    heading, submit = gettext_lazy("Take back my approval"), gettext_lazy("Take back")
    note = gettext_lazy("It is with you again. Your approval stays on the trail and counts no more; what you filled in stays too.")
    done = gettext_lazy("Taken back. It waits for you again.")


class PaperVoiding(ReasonedAct):
    action, serve, form_class, is_dangerous = "void", staticmethod(ask_void), VoidForm, True
    heading = submit = gettext_lazy("Ask to void it")
    note = gettext_lazy("Another one who keeps papers has to agree. Its number is not given again, and what it bound binds no more.")
    done = gettext_lazy("Asked. Those who keep papers are told.")


@method_decorator(employee_required, name="dispatch")
class PaperVoidAnswer(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Any:
        return get_permitted(Paper, user=request.user, action="answer_void", rows=PAPERS, pk=kwargs["pk"])

    def act(self, request: HttpRequest) -> str:
        is_agreed = read_words(request.POST, "answer") == "agree"
        answer_void(self.subject, actor=request.user, is_agreed=is_agreed)
        return _("It is void.") if is_agreed else _("It stays as it is.")

    def back_url(self) -> str:
        return reverse("approvals:paper_detail", args=[self.subject.pk])


@method_decorator(employee_required, name="dispatch")
class PaperCopies(AboutPaper):
    action = "copy"
    form_class = CopiesForm
    heading = gettext_lazy("Send copies")
    submit = gettext_lazy("Send")
    note = gettext_lazy("They see the paper and the way it goes, and decide nothing.")

    def do(self, request: HttpRequest, values: dict[str, Any]) -> str:
        people = copy_paper(self.subject, to=[person for person in values.values() if person is not None], actor=request.user)
        return ngettext("Sent to %(count)s person.", "Sent to %(count)s people.", len(people)) % {"count": len(people)}


@method_decorator(employee_required, name="dispatch")
class PaperUrging(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Any:
        return get_permitted(Paper, user=request.user, action="urge", pk=kwargs["pk"])

    def act(self, request: HttpRequest) -> str:
        count = urge_paper(self.subject, actor=request.user)
        return ngettext("%(count)s person is told.", "%(count)s people are told.", count) % {"count": count}

    def back_url(self) -> str:
        return reverse("approvals:paper_detail", args=[self.subject.pk])
