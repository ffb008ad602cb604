"""What I publish: everything of the departments for which I publish, by the state that it is in."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from wagtail.models import Revision

from bulletin.models import Notice
from bulletin.publishing import publishing_departments
from portal.access.decorators import employee_required
from portal.access.standings import standing_of
from portal.foundation.pages import SlidingPaginator
from portal.organization.models import Department
from portal.organization.places import placed
from portal.pages.querysets import waits_for_approval

PER_PAGE = 30
STATES = {
    "draft": gettext_lazy("Drafts"),
    "waiting": gettext_lazy("Wait for approval"),
    "scheduled": gettext_lazy("Planned"),
    "published": gettext_lazy("Published"),
    "expired": gettext_lazy("Expired"),
    "retracted": gettext_lazy("Retracted"),
}
OPENS = {"draft": "bulletin:notice_update", "waiting": "bulletin:notice_approval", "scheduled": "bulletin:notice_preview"}


@require_GET
@employee_required
def drafts(request: HttpRequest) -> HttpResponse:
    own = publishing_departments(request.user)
    if not own:
        raise PermissionDenied(_("Publishing is a right of the department's head, and of those to whom it is delegated."))
    departments = list(Department.objects.filter(pk__in=own).in_tree_order())
    asked = request.GET.get("department", "")
    chosen = [one.pk for one in departments if str(one.pk) == asked] or own
    state = request.GET.get("state", "draft")
    state = state if state in STATES else "draft"
    rows = in_state(Notice.objects.filter(department__in=chosen), state).select_related("department", "latest_revision__user").defer("body")
    ordered = rows.order_by("-published_at", "-pk") if state in {"published", "expired", "retracted"} else rows.order_by("-latest_revision_created_at", "-pk")
    page = SlidingPaginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": page.object_list,
        "state": state,
        "opens": OPENS.get(state, "bulletin:notice_detail"),
        "states": [{"code": code, "label": label, "number": _number(chosen, code)} for code, label in STATES.items()],
        "departments": placed(departments) if len(departments) > 1 else [],
        "asked": chosen[0] if len(chosen) == 1 else "",
        "kept": chosen[0] if len(chosen) == 1 and chosen[0] in standing_of(request.user).headed_department_ids else None,
    }
    return render(request, "bulletin/drafts.html", context)


def in_state(rows: QuerySet[Notice], state: str) -> Any:
    """Those of the rows in a state of `STATES`; a published one that is being corrected is among the drafts too."""
    now = timezone.now()
    waits = waits_for_approval()
    planned = Exists(Revision.objects.filter(object_id=Cast(OuterRef("pk"), CharField()), approved_go_live_at__isnull=False))
    current = Q(is_shown=True) & (Q(shown_until__isnull=True) | Q(shown_until__gt=now))
    if state == "waiting":
        return rows.filter(waits)
    if state == "scheduled":
        return rows.filter(planned)
    if state == "published":
        return rows.filter(current)
    if state == "retracted":
        return rows.filter(retracted_at__isnull=False)
    if state == "expired":
        return rows.filter(published_at__isnull=False, retracted_at__isnull=True).exclude(current)
    return rows.filter(has_unpublished_changes=True, retracted_at__isnull=True).exclude(waits).exclude(planned)


def _number(departments: list[int], state: str) -> int | None:
    """How many there are, where somebody should do something about them."""
    return in_state(Notice.objects.filter(department__in=departments), state).count() if state in {"draft", "waiting", "scheduled"} else None
