"""What is half answered, kept for whoever answers by name, so that they go on where they stopped. Nothing is kept of an anonymous survey."""

from typing import Any

from django.utils import timezone

from crm.surveys.models import Draft, Survey, SurveyVersion
from crm.surveys.models.answers import LONGEST_KEPT
from crm.surveys.walking import Walk


def walk_of(survey: Survey, version: SurveyVersion, sent: Any, **whose: Any) -> Walk:
    """On from what was sent, or from what was kept. `whose` is a person or a customer."""
    if sent is not None:
        walk = Walk.gone_on(version, sent)
        if not survey.is_anonymous and not walk.is_done and not walk.form.errors:
            _keep(survey, walk, whose)
        return walk
    draft = None if survey.is_anonymous else Draft.objects.filter(survey=survey, version=version, **whose).first()
    if draft is None:
        return Walk(version)
    walk = Walk.resumed(version, draft.kept, draft.page)
    walk.stopped_at = draft.saved_at
    return walk


def _keep(survey: Survey, walk: Walk, whose: dict[str, Any]) -> None:
    if len(walk.kept) <= LONGEST_KEPT:
        values = {"version": walk.version, "page": walk.page, "kept": walk.kept, "saved_at": timezone.now()}
        Draft.objects.update_or_create(survey=survey, **whose, defaults=values)
