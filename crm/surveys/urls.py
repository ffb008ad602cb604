"""Addresses of surveys, below those of the CRM."""

from django.urls import path

from crm.surveys.lists import SurveyList
from crm.surveys.views import after, analysis, answering, drawing, surveys

urlpatterns = [
    path("surveys/", surveys.SurveyListPage.of(SurveyList), name="survey_list"),
    path("surveys/new/", surveys.SurveyCreate.as_view(), name="survey_create"),
    path("surveys/<int:pk>/", surveys.survey_detail, name="survey_detail"),
    path("surveys/<int:pk>/change/", surveys.SurveyUpdate.as_view(), name="survey_update"),
    path("surveys/<int:pk>/publication/", surveys.SurveyPublish.as_view(), name="survey_publish"),
    path("surveys/<int:pk>/versions/new/", surveys.SurveyRevise.as_view(), name="survey_revise"),
    path("surveys/<int:pk>/end/", surveys.SurveyEnd.as_view(), name="survey_end"),
    path("surveys/<int:pk>/preview/", drawing.survey_preview, name="survey_preview"),
    path("surveys/<int:pk>/questions/new/<slug:kind>/", drawing.QuestionCreate.as_view(), name="question_create"),
    path("surveys/<int:pk>/questions/<int:question>/", drawing.QuestionUpdate.as_view(), name="question_update"),
    path("surveys/<int:pk>/questions/<int:question>/jumps/", drawing.QuestionJumps.as_view(), name="question_jumps"),
    path("surveys/<int:pk>/questions/<int:question>/place/", drawing.QuestionMove.as_view(), name="question_move"),
    path("surveys/<int:pk>/questions/<int:question>/removal/", drawing.QuestionRemove.as_view(), name="question_remove"),
    path("surveys/<int:pk>/answer/", answering.survey_answer, name="survey_answer"),
    path("surveys/<int:pk>/analysis/", analysis.survey_analysis, name="survey_analysis"),
    path("surveys/<int:pk>/analysis/<slug:key>/", analysis.survey_texts, name="survey_texts"),
    path("surveys/<int:pk>/sheets/", answering.SheetsMake.as_view(), name="sheets_make"),
    path("surveys/<int:pk>/sheets/print/", answering.sheets_print, name="sheets_print"),
    path("surveys/<int:pk>/sheets/answer/", answering.sheet_enter, name="sheet_enter"),
    path("surveys/<int:pk>/result/", after.ResultPublish.as_view(), name="survey_result"),
    path("surveys/<int:pk>/measures/new/", after.MeasureCreate.as_view(), name="survey_measure_create"),
    path("surveys/<int:pk>/measures/<int:measure>/done/", after.MeasureDo.as_view(), name="survey_measure_do"),
    path("surveys/<int:pk>/measures/<int:measure>/judgement/", after.MeasureJudge.as_view(), name="survey_measure_judge"),
    path("surveys/<int:pk>/evaluation/", after.SurveyEvaluate.as_view(), name="survey_evaluate"),
]
