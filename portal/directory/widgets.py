"""Home's panel of those who are away today."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.access.standings import standing_of
from portal.directory.finding import rows_of
from portal.foundation.widgets import Widget, register_widget
from portal.organization.models import Absence, Deputyship, Employment
from portal.organization.querysets import today

MOST = 8


def _absent(request: HttpRequest) -> dict[str, Any] | None:
    """Who is away today: heads of any department, and everyone in the reader's own."""
    day = today()
    own = [int(token[5:]) for token in standing_of(request.user).tokens if token.startswith("dept:") and not token.endswith("+")]
    near = Employment.objects.on(day).filter(Q(position__is_head=True) | Q(department__in=own), person=OuterRef("person"))
    away = Absence.objects.on(day).filter(Exists(near)).order_by("person__name_pinyin", "pk").values_list("person", "ends_on")
    until = dict(away)
    if not until:
        return None
    shown = list(until)[:MOST]
    deputies = dict(Deputyship.objects.on(day).filter(employment__person__in=shown).values_list("employment__person", "deputy__name"))
    rows = [{"person": row, "until": until[row.pk], "deputy": deputies.get(row.pk)} for row in rows_of(shown, day=day)]
    return {"rows": rows, "count": len(until)}


register_widget(Widget("absent", _("Away today"), "directory/_absent.html", _absent, column="side", order=30, is_allowed=lambda user: user.is_employee))
