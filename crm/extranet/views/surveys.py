"""Surveys: what asks the customer, their answers, the results; and those that everyone answers by a link."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.extranet.guards import account_required, too_many_looks
from crm.extranet.selectors import surveys_of
from crm.surveys.errors import ClosedError, SurveysError
from crm.surveys.models import Survey, SurveyVersion
from crm.surveys.reached import published_version, results_of
from crm.surveys.services.answering import answer_as_customer, answer_by_link, refuse_closed, refuse_twice
from crm.surveys.services.drafts import walk_of
from crm.surveys.walking import Walk
from portal.foundation.once import FIELD, key_in
from portal.organization.querysets import today

MOST = 50


@require_safe
@account_required
def survey_list(request: Any) -> HttpResponse:
    day = today()
    rows = list(surveys_of(request.account.customer)[:MOST])
    waiting = [row for row in rows if row.survey.is_open(day) and not row.is_spent]
    return render(request, "surveys.html", {"waiting": waiting, "others": [row for row in rows if row not in waiting]})


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def survey(request: Any, key: str) -> HttpResponse:
    """By the key of the firm's own invitation; that of another firm is as if it were none."""
    invitation = surveys_of(request.account.customer).filter(key=key).first()
    if invitation is None:
        sentence = _("This survey does not ask your firm. If somebody sent you the address: it is theirs alone. Yours stand under Help, Surveys.")
        return render(request, "sentence.html", {"heading": _("There is nothing here"), "sentence": sentence}, status=404)
    asked: Survey = invitation.survey
    if asked.result:
        return render(request, "survey_result.html", {"survey": asked} | results_of(asked))
    try:
        refuse_twice(asked, invitation)
        refuse_closed(asked)
        version, sent = _version(request, asked), request.POST if request.method == "POST" else None
        walk = walk_of(asked, version, sent, customer=invitation.customer)
        if walk.is_done:
            answer_as_customer(invitation, walk.version, actor=request.user, customer=request.account.customer, given=walk.given)
            return _thanks(request, asked)
    except SurveysError as error:
        return _refused(request, asked, error)
    return _page(request, asked, walk, {"is_again": invitation.is_spent})


@require_http_methods(["GET", "HEAD", "POST"])
def survey_by_link(request: Any, key: str) -> HttpResponse:
    """For everyone; limited in rate as looking a product up is. Nothing of it tells who answered."""
    refused = too_many_looks(request, _("Very many pages were asked for from here. Wait a minute."))
    if refused is not None:
        return refused
    asked = Survey.objects.filter(key=key, whom=Survey.Whom.EVERYONE).exclude(state=Survey.State.DRAFT).first()
    if asked is None:
        raise Http404
    if asked.result:
        return render(request, "survey_result.html", {"survey": asked} | results_of(asked))
    try:
        refuse_closed(asked)
        walk = _walk(request, asked)
        if walk.is_done:
            answer_by_link(walk.version, key=key_in(request) or uuid4(), given=walk.given)
            return _thanks(request, asked)
    except SurveysError as error:
        return _refused(request, asked, error)
    return _page(request, asked, walk, {"key_field": FIELD, "key": key_in(request) or uuid4()})


def _version(request: Any, asked: Survey) -> SurveyVersion:
    version = published_version(asked, request.POST)
    if version is None:
        raise Http404
    return version


def _walk(request: Any, asked: Survey) -> Walk:
    version = _version(request, asked)
    return Walk.gone_on(version, request.POST) if request.method == "POST" else Walk(version)


def _page(request: Any, asked: Survey, walk: Walk, more: dict[str, Any]) -> HttpResponse:
    status = 422 if walk.form.is_bound and walk.form.errors else 200
    return render(request, "survey.html", {"survey": asked} | walk.context | more, status=status)


def _thanks(request: Any, asked: Survey) -> HttpResponse:
    return render(request, "survey_answered.html", {"survey": asked})


def _refused(request: Any, asked: Survey, error: SurveysError) -> HttpResponse:
    status = 409 if isinstance(error, ClosedError) else 422
    return render(request, "survey_answered.html", {"survey": asked, "refusal": str(error)}, status=status)
