"""How pages of surveys load what they are about."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext

from crm.surveys.models import Measure, Question, Survey, SurveyVersion
from portal.access.policies import get_permitted
from portal.foundation.form_pages import ActPage, Crumb, FormPage


def load_survey(request: HttpRequest, pk: int, action: str = "view") -> Survey:
    return get_permitted(Survey, user=request.user, action=action, rows=Survey.objects.select_related("head", "audience"), pk=pk)


def load_question(request: HttpRequest, pk: int, question: int) -> Question:
    """Of a survey that one keeps."""
    found = Question.objects.select_related("version__survey").filter(pk=question, version__survey=load_survey(request, pk, "keep")).first()
    if found is None:
        raise Http404
    return found


def load_measure(request: HttpRequest, pk: int, measure: int) -> Measure:
    found = Measure.objects.select_related("survey", "owner").filter(pk=measure, survey=load_survey(request, pk)).first()
    if found is None:
        raise Http404
    return found


def draft_of(survey: Survey) -> SurveyVersion | None:
    return survey.versions.filter(published_at__isnull=True).first()


def crumbs() -> list[Crumb]:
    return [(pgettext("a place", "Surveys"), reverse("crm:survey_list"))]


class OfSurvey(FormPage):
    """A form about a survey that one keeps."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Survey:
        return load_survey(request, kwargs["pk"], "keep")

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (str(self.subject), self.back_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


class ActOnSurvey(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Survey:
        return load_survey(request, kwargs["pk"], "keep")

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())
