"""The entry of marketing: what runs, what is to be done by oneself, and where the rest is."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from crm.marketing.models import Campaign, CampaignTask, MeetingPoint
from crm.marketing.policies import FOR_SELLERS, keeps_marketing, works_with_marketing
from portal.access.decorators import employee_required
from portal.access.policies import visible_to
from portal.organization.querysets import today

MOST = 8


def refuse_others(user: Any) -> None:
    if not works_with_marketing(user):
        raise PermissionDenied(FOR_SELLERS)


@require_safe
@employee_required
def marketing_home(request: HttpRequest) -> HttpResponse:
    refuse_others(request.user)
    running = visible_to(Campaign, request.user).filter(state__in=(Campaign.State.PLANNED, Campaign.State.RUNNING)).select_related("owner")
    tasks = CampaignTask.objects.filter(owner=request.user.pk, done_at__isnull=True).select_related("campaign")
    launches = Campaign.objects.filter(is_launch=True, state=Campaign.State.RUNNING).select_related("owner")
    context = {
        "launches": launches.order_by("starts_on", "pk")[:MOST],
        "running": running.order_by("starts_on", "pk")[:MOST],
        "tasks": tasks[:MOST],
        "points": MeetingPoint.objects.filter(owner=request.user.pk, state=MeetingPoint.State.OPEN).select_related("meeting")[:MOST],
        "today": today(),
        "may_keep": keeps_marketing(request.user),
        "heading": pgettext("of the plant", "Marketing"),
    }
    return render(request, "crm/marketing/home.html", context)
