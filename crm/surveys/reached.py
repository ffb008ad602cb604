"""What those who are asked are shown, on whichever site they are."""

from typing import Any

from crm.surveys.models import Survey, SurveyVersion
from portal.foundation.asking import read_number


def published_version(survey: Survey, sent: Any = None) -> SurveyVersion | None:
    """The newest that is published, or the one whose page was sent."""
    rows = survey.versions.filter(published_at__isnull=False)
    asked = read_number(sent, "version", 0) if sent is not None else 0
    return (rows.filter(number=asked).first() if asked else None) or rows.first()


def results_of(survey: Survey) -> dict[str, Any]:
    """The result as those who answered read it: no names of who mends what."""
    return {"answered": survey.responses.filter(is_counted=True).count(), "measures": list(survey.measures.all())}
