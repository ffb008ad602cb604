"""Home's panel of those who are away today."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.access.standings import standing_of
from portal.directory.people import place_label
from portal.foundation.widgets import Widget, register_widget
from portal.organization.models import Absence, Deputyship, Employment
from portal.organization.querysets import today

MOST = 8


def _absent(request: HttpRequest) -> dict[str, Any] | None:
    """Who is away today: heads of any department, and everyone in the reader's own."""
    day = today()
    own = [int(token[5:]) for token in standing_of(request.user).tokens if token.startswith("dept:") and not token.endswith("+")]
    posts = {
        employment.person_id: employment
        for employment in Employment.objects.on(day)
        .filter(person__absences__in=Absence.objects.on(day))
        .select_related("department__parent", "position")
        .order_by("is_primary", "position__is_head")
    }
    near = [pk for pk, post in posts.items() if post.position.is_head or post.department_id in own]
    absences = list(Absence.objects.on(day).filter(person__in=near).select_related("person").order_by("person__name_pinyin", "pk"))
    if not absences:
        return None
    shown = absences[:MOST]
    deputies = {
        deputyship.employment.person_id: deputyship.deputy
        for deputyship in Deputyship.objects.on(day)
        .filter(employment__person__in=[absence.person_id for absence in shown])
        .select_related("employment", "deputy")
    }
    rows = [{"absence": absence, "place": place_label(posts[absence.person_id].department), "deputy": deputies.get(absence.person_id)} for absence in shown]
    return {"rows": rows, "count": len(absences)}


register_widget(Widget("absent", _("Away today"), "directory/_absent.html", _absent, column="side", order=30, is_allowed=lambda user: user.is_employee))
