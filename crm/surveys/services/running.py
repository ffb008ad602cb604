"""A survey is published, and with it a version; it tells those whom it asks, and ends on its day or by hand."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.customers.models import Customer
from crm.customers.models.tiers import spans_on
from crm.surveys.errors import SurveysError
from crm.surveys.models import Draft, Invitation, Survey, SurveyVersion
from crm.surveys.notifications import STARTED
from crm.surveys.paths import wrong_jump
from crm.surveys.policies import KEEPERS_ONLY, keeps_surveys
from crm.surveys.services.drawing import lock_draft
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.organization.querysets import today

# Rows that were changed one after the other lie one after the other, and bear the number of their transaction. Laid anew in a random order, they tell nothing.
MIX = """
    WITH gone AS (DELETE FROM surveys_invitation WHERE survey_id = %s AND is_spent RETURNING *)
    INSERT INTO surveys_invitation SELECT * FROM gone ORDER BY random()
"""


@transaction.atomic
def publish_version(survey: Survey, *, actor: Any) -> SurveyVersion:
    """Freeze the version that is drawn. The first one starts the survey; each asks the customers who fit today and were not asked before."""
    version = lock_draft(survey, actor)
    held = lock_row(Survey.objects.select_related("audience"), survey.pk, no_key=True)
    questions = list(version.questions.all())
    if not any(not one.is_section for one in questions):
        raise SurveysError(_("There is no question in it yet. Put one in before you publish it."))
    wrong = wrong_jump(questions)
    if wrong is not None:
        raise SurveysError(_("“%(text)s” jumps backward. Take that jump away first.") % {"text": wrong[0].text})
    if held.state not in (Survey.State.DRAFT, Survey.State.RUNNING):
        raise SurveysError(_("The survey has ended. Nothing of it is changed any more."))
    if held.closes_on <= today():
        raise SurveysError(_("Its last day, %(day)s, has passed. Choose other days first.") % {"day": f"{held.last_on:%Y-%m-%d}"})
    version.published_at = timezone.now()
    version.save(update_fields=["published_at"])
    held.state = Survey.State.RUNNING
    held.save(update_fields=["state"])
    if held.whom == Survey.Whom.CUSTOMERS:
        _invite(held)
    record(actor, "survey.published", held, after={"version": version.number})
    _tell(held)
    return version


def customers_picked(picks: dict[str, Any]) -> QuerySet[Customer]:
    """Customers of these kinds, tiers and portfolios today; what names none of a sort takes all of it."""
    rows = Customer.objects.unmerged().filter(ended_on__isnull=True)
    if picks.get("kinds"):
        rows = rows.filter(kind__in=picks["kinds"])
    if picks.get("portfolios"):
        rows = rows.filter(portfolio__in=picks["portfolios"])
    if picks.get("tiers"):
        rows = rows.filter(pk__in=spans_on(today()).filter(tier__in=picks["tiers"]).values("customer"))
    return rows


def _invite(survey: Survey) -> None:
    asked = customers_picked(survey.picks).exclude(survey_invitations__survey=survey).values_list("pk", flat=True)
    found = list(asked)
    if not found and not survey.invitations.exists():
        raise SurveysError(_("No customer fits what was chosen. Choose other kinds, tiers or portfolios."))
    Invitation.objects.bulk_create([Invitation(survey=survey, customer_id=pk) for pk in found], batch_size=2_000)


def _tell(survey: Survey) -> None:
    if survey.is_told or survey.whom != Survey.Whom.STAFF or not survey.is_open(today()):
        return
    notify(STARTED, words={"title": survey.title, "day": f"{survey.last_on:%Y-%m-%d}"}, about=survey, at_its_page=True, actor=survey.head)
    survey.is_told = True
    survey.save(update_fields=["is_told"])


@transaction.atomic
def end_survey(survey: Survey, *, actor: Any) -> Survey:
    """Before its day: it takes no more from now on."""
    if not keeps_surveys(actor):
        raise SurveysError(str(KEEPERS_ONLY))
    held = lock_row(Survey.objects.all(), survey.pk, no_key=True)
    if held.state != Survey.State.RUNNING:
        raise SurveysError(_("It does not run."))
    _end(held)
    record(actor, "survey.ended", held)
    return held


def _end(survey: Survey) -> None:
    survey.state = Survey.State.ENDED
    survey.save(update_fields=["state"])
    Draft.objects.filter(survey=survey).delete()
    if survey.is_anonymous:
        mix_spent(survey)


def keep_days() -> None:
    """Once a day: what starts today tells, what ended yesterday ends; spent invitations of anonymous surveys are mixed."""
    for survey in _under_way():
        with transaction.atomic():
            held = lock_row(Survey.objects.select_related("head", "audience"), survey.pk, no_key=True)
            if held.state == Survey.State.RUNNING and held.closes_on <= today():
                _end(held)
                record(None, "survey.ended", held)
            elif held.is_anonymous:
                mix_spent(held)
            if held.state == Survey.State.RUNNING:
                _tell(held)


def _under_way() -> Iterable[Survey]:
    return list(Survey.objects.filter(state__in=(Survey.State.RUNNING, Survey.State.ENDED)).order_by("pk"))


def mix_spent(survey: Survey) -> None:
    """See MIX. Whoever reads the tables row by row, with their hidden columns, pairs no invitation with an answer."""
    with connection.cursor() as cursor:
        cursor.execute(MIX, [survey.pk])
