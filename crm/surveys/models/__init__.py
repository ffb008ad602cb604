"""Surveys in versions, their questions, who is asked, what was answered, and what is mended."""

from crm.surveys.models.answers import Answer, Draft, Invitation, Response, Sheet
from crm.surveys.models.measures import Measure
from crm.surveys.models.surveys import Question, Survey, SurveyVersion

__all__ = ["Answer", "Draft", "Invitation", "Measure", "Question", "Response", "Sheet", "Survey", "SurveyVersion"]
