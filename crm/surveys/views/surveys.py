"""A survey: its page, begun, changed, published, revised, ended."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm.customers.models import Customer, Portfolio
from crm.customers.models.tiers import Tier
from crm.surveys.capabilities import KEEP_SURVEYS
from crm.surveys.forms import DaysForm, SurveyForm
from crm.surveys.models import Survey, SurveyVersion
from crm.surveys.models.surveys import Question
from crm.surveys.policies import keeps_surveys
from crm.surveys.reached import published_version
from crm.surveys.services.drawing import begin_survey, change_survey, revise_survey
from crm.surveys.services.running import end_survey, publish_version
from crm.surveys.views.loading import ActOnSurvey, OfSurvey, crumbs, draft_of, load_survey
from crm.surveys.walking import lead_words, numbered
from portal.access.decorators import capability_required, employee_required
from portal.access.policies import can
from portal.access.words import describe_rule
from portal.foundation.form_pages import Crumb, FormPage
from portal.lists.pages import ListPage
from portal.organization.querysets import today


class SurveyListPage(ListPage):
    """With a button for who keeps surveys."""

    def context(self, asked: Any, arranged: Any) -> dict[str, Any]:
        return super().context(asked, arranged) | {"may_keep": keeps_surveys(self.request.user)}


@require_safe
@employee_required
def survey_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """For those who are asked what it is about; for those who keep it how it is drawn, how it goes, and what is mended."""
    survey = load_survey(request, pk)
    may_keep = bool(can(request.user, "keep", survey))
    draft = draft_of(survey) if may_keep else None
    shown = draft or published_version(survey)
    context = {
        "survey": survey,
        "may_keep": may_keep,
        "draft": draft,
        "version": shown,
        "rows": drawn_rows(shown) if may_keep and shown else [],
        "kinds": [choice for choice in Question.Kind.choices if choice[0] != Question.Kind.SECTION],
        "is_open": survey.is_open(today()),
        "asks_me": bool(can(request.user, "answer", survey)),
        "has_answered": survey.invitations.filter(person=request.user.pk, is_spent=True).exists(),
        "measures": list(survey.measures.select_related("owner", "judged_by")),
        "shows_measures": may_keep or survey.measures.filter(owner=request.user.pk).exists() or survey.result,
        "answered": survey.responses.filter(is_counted=True).count() if survey.result or may_keep else 0,
        "crumbs": crumbs(),
    }
    if may_keep:
        context |= {
            "whom": said_whom(survey),
            "invited": survey.invitations.count(),
            "spent": survey.invitations.filter(is_spent=True).count(),
            "sheets": survey.sheets.count(),
            "versions": list(survey.versions.select_related("author")),
            "link": public_link(request, survey),
        }
    return render(request, "crm/surveys/survey_detail.html", context)


def drawn_rows(version: SurveyVersion) -> list[dict[str, Any]]:
    """The questions with their numbers and jumps in words."""
    questions = list(version.questions.all())
    numbers, leads = numbered(questions), lead_words(questions)
    return [
        {"question": one, "number": numbers.get(one.key, ""), "leads": leads.get(one.key, ""), "choices": [str(words) for _key, words in one.choices]}
        for one in questions
    ]


def said_whom(survey: Survey) -> str:
    if survey.whom == Survey.Whom.STAFF and survey.audience is not None:
        return str(describe_rule(survey.audience.rule))
    if survey.whom == Survey.Whom.EVERYONE:
        return str(survey.get_whom_display())
    kinds = [str(Customer.Kind(one).label) for one in survey.picks.get("kinds", [])]
    tiers = [str(Tier(one).label) for one in survey.picks.get("tiers", [])]
    portfolios = list(Portfolio.objects.filter(pk__in=survey.picks.get("portfolios", [])).values_list("name", flat=True))
    parts = [_(", ").join(part) for part in (kinds, tiers, portfolios) if part]
    return " · ".join(parts) if parts else _("all customers")


def public_link(request: HttpRequest, survey: Survey) -> str:
    """Where everyone answers; nothing before it runs."""
    if survey.whom != Survey.Whom.EVERYONE or survey.state == Survey.State.DRAFT:
        return ""
    site = settings.EXTRANET_URL or f"{request.scheme}://{split_domain_port(request.get_host())[0]}:{settings.EXTRANET_PORT}"
    return f"{site}/s/{survey.key}/"


@method_decorator(capability_required(KEEP_SURVEYS), name="dispatch")
class SurveyCreate(FormPage):
    form_class = SurveyForm
    heading = gettext_lazy("New survey")
    submit = gettext_lazy("Begin")
    is_new_thing = True
    made: Survey | None = None

    def initial(self) -> dict[str, Any]:
        return {"starts_on": today(), "whom": Survey.Whom.CUSTOMERS}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:survey_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = begin_survey(actor=request.user, **taken(values))
        return _("Begun. Put the questions in, then publish it.")


def taken(found: dict[str, Any]) -> dict[str, Any]:
    """What a form brings as a service takes it."""
    picks = {"kinds": found["kinds"], "tiers": found["tiers"], "portfolios": [one.pk for one in found["portfolios"]]}
    named = {name: found[name] for name in ("title", "introduction", "whom", "rule", "is_anonymous", "starts_on")}
    return named | {"picks": picks, "closes_on": DaysForm.day_after(found["last_on"])}


@method_decorator(employee_required, name="dispatch")
class SurveyUpdate(OfSurvey):
    """While it runs its last day alone can be changed."""

    heading = gettext_lazy("Change the survey")
    submit = gettext_lazy("Save")

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return SurveyForm if self.subject.state == Survey.State.DRAFT else DaysForm

    def initial(self) -> dict[str, Any]:
        survey: Survey = self.subject
        draft = draft_of(survey)
        known = {"title": survey.title, "whom": survey.whom, "is_anonymous": survey.is_anonymous, "starts_on": survey.starts_on, "last_on": survey.last_on}
        rule = survey.audience.rule if survey.audience is not None else None
        return known | survey.picks | {"introduction": draft.introduction if draft else "", "rule": rule}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        found = taken(values) if self.subject.state == Survey.State.DRAFT else {"title": "", "closes_on": DaysForm.day_after(values["last_on"])}
        change_survey(self.subject, actor=request.user, **found)
        return _("Saved.")


@method_decorator(employee_required, name="dispatch")
class SurveyPublish(ActOnSurvey):
    def act(self, request: HttpRequest) -> str:
        version = publish_version(self.subject, actor=request.user)
        return _("Version %(number)s is published and stays as it is.") % {"number": version.number}


@method_decorator(employee_required, name="dispatch")
class SurveyRevise(ActOnSurvey):
    def act(self, request: HttpRequest) -> str:
        version = revise_survey(self.subject, actor=request.user)
        return _("Version %(number)s is drawn. The last one is answered until you publish it.") % {"number": version.number}


@method_decorator(employee_required, name="dispatch")
class SurveyEnd(ActOnSurvey):
    def act(self, request: HttpRequest) -> str:
        end_survey(self.subject, actor=request.user)
        return _("Ended. No more answers are taken.")
