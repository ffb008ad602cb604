"""Questions are put in, changed, moved, taken out, and given jumps; and the whole is looked at as those who are asked will see it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from crm.surveys.forms import JumpsForm, QuestionForm
from crm.surveys.models import Question, Survey
from crm.surveys.reached import published_version
from crm.surveys.services.drawing import add_question, change_question, move_question, remove_question, set_jumps, state_of
from crm.surveys.views.loading import ActOnSurvey, OfSurvey, crumbs, draft_of, load_question, load_survey
from crm.surveys.walking import Walk, numbered
from portal.access.decorators import employee_required
from portal.foundation.asking import read_number
from portal.foundation.form_pages import Crumb

SCALE = {"least": 1, "most": 5}


def values_of(found: dict[str, Any]) -> dict[str, Any]:
    named = {name: value for name, value in found.items() if name not in ("seen", "options")}
    return named | {"options": found.get("options", "").splitlines()}


@method_decorator(employee_required, name="dispatch")
class QuestionCreate(OfSurvey):
    form_class = QuestionForm
    submit = gettext_lazy("Put in")
    is_new_thing = True
    kind: str

    def load(self, request: HttpRequest, **kwargs: Any) -> Survey:
        if kwargs["kind"] not in Question.Kind.values:
            raise Http404
        self.kind = kwargs["kind"]
        return super().load(request, **kwargs)

    def get_heading(self) -> str:
        return _("New question: %(kind)s") % {"kind": Question.Kind(self.kind).label}

    def form_arguments(self) -> dict[str, Any]:
        return {"kind": self.kind}

    def initial(self) -> dict[str, Any]:
        return SCALE if self.kind == Question.Kind.SCALE else {}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        add_question(self.subject, actor=request.user, kind=self.kind, **values_of(values))
        return _("Put in, as the last.")


class OfQuestion(OfSurvey):
    question: Question

    def load(self, request: HttpRequest, **kwargs: Any) -> Survey:
        self.question = load_question(request, kwargs["pk"], kwargs["question"])
        return self.question.version.survey


@method_decorator(employee_required, name="dispatch")
class QuestionUpdate(OfQuestion):
    form_class = QuestionForm
    heading = gettext_lazy("Change the question")
    submit = gettext_lazy("Save")

    def form_arguments(self) -> dict[str, Any]:
        return {"kind": self.question.kind}

    def initial(self) -> dict[str, Any]:
        one = self.question
        names = ("text", "help", "has_other", "least", "most", "low_words", "high_words", "unit", "is_long", "is_required")
        return {name: getattr(one, name) for name in names} | {"options": "\n".join(row["text"] for row in one.options), "seen": state_of(one)}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_question(self.question, actor=request.user, seen=values["seen"], **values_of(values))
        return _("Saved.")


@method_decorator(employee_required, name="dispatch")
class QuestionJumps(OfQuestion):
    form_class = JumpsForm
    heading = gettext_lazy("Where one goes on")
    submit = gettext_lazy("Save")
    note = gettext_lazy("A jump leads forward only. What lies between is not asked.")

    def crumbs(self) -> list[Crumb]:
        return [*super().crumbs(), (self.question.text, "")]

    def form_arguments(self) -> dict[str, Any]:
        rows = list(self.question.version.questions.all())
        numbers = numbered(rows)
        later = [(one.key, f"{numbers[one.key]} {one.text}") for one in rows if one.place > self.question.place and not one.is_section]
        return {"question": self.question, "later": later}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_jumps(self.question, actor=request.user, jumps={name.removeprefix("to-"): value for name, value in values.items() if value})
        return _("Saved.")


class ActOnQuestion(ActOnSurvey):
    question: Question

    def load(self, request: HttpRequest, **kwargs: Any) -> Survey:
        self.question = load_question(request, kwargs["pk"], kwargs["question"])
        return self.question.version.survey


@method_decorator(employee_required, name="dispatch")
class QuestionRemove(ActOnQuestion):
    def act(self, request: HttpRequest) -> str:
        remove_question(self.question, actor=request.user)
        return _("Taken out.")


@method_decorator(employee_required, name="dispatch")
class QuestionMove(ActOnQuestion):
    def act(self, request: HttpRequest) -> str:
        move_question(self.question, actor=request.user, by=-1 if request.POST.get("where") == "up" else 1)
        return _("Moved.")


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def survey_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The pages as they will be answered; nothing is kept. `?version=` is another one than the newest."""
    survey = load_survey(request, pk, "keep")
    asked = read_number(request.GET, "version", 0)
    version = survey.versions.filter(number=asked).first() or draft_of(survey) or published_version(survey)
    if version is None or not version.questions.exists():
        return render(request, "crm/surveys/preview_empty.html", {"survey": survey, "crumbs": [*crumbs(), (str(survey), survey.get_absolute_url())]})
    walk = Walk.gone_on(version, request.POST) if request.method == "POST" else Walk(version)
    context = {"survey": survey, "is_preview": True, "crumbs": [*crumbs(), (str(survey), survey.get_absolute_url())]}
    if walk.is_done:
        return render(request, "crm/surveys/answered.html", context)
    status = 422 if walk.form.is_bound and walk.form.errors else 200
    return render(request, "crm/surveys/answer.html", context | walk.context, status=status)
