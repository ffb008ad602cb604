"""What those are told who had opened a notice before it was retracted; nobody else learns that there was one."""

from typing import Any

from django.utils.translation import gettext as _

from bulletin.models import Notice, Reading
from portal.access.policies import decide_by_audience


def retracted_since_opened(user: Any, pk: int) -> Notice | None:
    """A notice that this person opened and that was for them when it was retracted."""
    opened = Reading.objects.filter(notice=pk, person=user.pk, notice__retracted_at__isnull=False)
    reading = opened.select_related("notice__audience", "notice__retracted_by").first()
    audience = reading.notice.audience if reading is not None else None
    return reading.notice if reading is not None and audience is not None and decide_by_audience(user, audience) else None


def say_retracted(user: Any, pk: int) -> str:
    notice = retracted_since_opened(user, pk)
    if notice is None:
        return ""
    return _("“%(title)s” was retracted meanwhile: %(reason)s Nothing can be written below it any more.") % {
        "title": notice.title,
        "reason": notice.retraction_reason,
    }
