"""The result is published, measures are given, done and judged, and the survey is evaluated."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.surveys.forms import DoneForm, EvaluationForm, JudgeForm, MeasureForm, ResultForm
from crm.surveys.models import Measure
from crm.surveys.policies import KEEPERS_ONLY, keeps_surveys
from crm.surveys.services.after import do_measure, evaluate_survey, give_measure, judge_measure, publish_result
from crm.surveys.views.loading import OfSurvey, load_measure
from portal.access.decorators import employee_required


@method_decorator(employee_required, name="dispatch")
class ResultPublish(OfSurvey):
    form_class = ResultForm
    heading = gettext_lazy("Publish the result")
    submit = gettext_lazy("Publish")

    def initial(self) -> dict[str, Any]:
        return {"text": self.subject.result}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        publish_result(self.subject, actor=request.user, text=values["text"])
        return _("Published for those who answered.")


@method_decorator(employee_required, name="dispatch")
class MeasureCreate(OfSurvey):
    form_class = MeasureForm
    heading = gettext_lazy("What is mended")
    submit = gettext_lazy("Give")
    is_new_thing = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        measure = give_measure(self.subject, actor=request.user, **values)
        return _("%(person)s has it until %(day)s.") % {"person": measure.owner.name, "day": f"{measure.due_on:%Y-%m-%d}"}


class OfMeasure(OfSurvey):
    measure: Measure

    def load(self, request: HttpRequest, **kwargs: Any) -> Any:
        self.measure = load_measure(request, kwargs["pk"], kwargs["measure"])
        return self.measure.survey

    def get_heading(self) -> str:
        return self.measure.text


@method_decorator(employee_required, name="dispatch")
class MeasureDo(OfMeasure):
    form_class = DoneForm
    submit = gettext_lazy("It is done")

    def load(self, request: HttpRequest, **kwargs: Any) -> Any:
        survey = super().load(request, **kwargs)
        if self.measure.owner_id != request.user.pk:
            raise PermissionDenied(_("%(person)s has to mend this and says when it is done.") % {"person": self.measure.owner.name})
        return survey

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        do_measure(self.measure, actor=request.user, **values)
        return _("Said. Somebody else judges it.")


@method_decorator(employee_required, name="dispatch")
class MeasureJudge(OfMeasure):
    form_class = JudgeForm
    submit = gettext_lazy("Judge")

    def load(self, request: HttpRequest, **kwargs: Any) -> Any:
        survey = super().load(request, **kwargs)
        if not keeps_surveys(request.user):
            raise PermissionDenied(KEEPERS_ONLY)
        return survey

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        held = judge_measure(self.measure, actor=request.user, **values)
        return _("Accepted.") if held.state == Measure.State.ACCEPTED else _("It is to be done again.")


@method_decorator(employee_required, name="dispatch")
class SurveyEvaluate(OfSurvey):
    form_class = EvaluationForm
    heading = gettext_lazy("Evaluate the survey")
    submit = gettext_lazy("Evaluate")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        evaluate_survey(self.subject, actor=request.user, text=values["text"])
        return _("Evaluated. The survey is closed with this.")
