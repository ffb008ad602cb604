"""The bell's panel, the page of everything that a person was told, and marking as read."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from portal.access.decorators import employee_required
from portal.foundation.asking import number_of
from portal.foundation.returning import back_to
from portal.notifications.models import Notification
from portal.notifications.services import mark_read

RECENT = 12
PER_PAGE = 25


@require_GET
@employee_required
def notification_list(request: Any) -> HttpResponse:
    """Everything, newest first; `?unread=1` for what is unread."""
    rows = Notification.objects.for_person(request.user)
    only_unread = request.GET.get("unread") == "1"
    if only_unread:
        rows = rows.unread()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    newest = Notification.objects.newest_for(request.user) if page.number > 1 else shown[0].pk if shown else 0
    is_any_unread = page.paginator.num_pages > 1 or any(one.read_at is None for one in shown)
    context = {"page": page, "shown": shown, "only_unread": only_unread, "newest": newest, "is_any_unread": is_any_unread}
    return render(request, "notifications/notification_list.html", context)


@require_GET
@employee_required
def bell(request: Any) -> HttpResponse:
    """What an open page asks when it is rung: the count, the cursor, and the most recent; with `since`, only what came after it."""
    since = number_of(request.GET.get("since"))
    count, newest = Notification.objects.bell_of(request.user)
    recent = Notification.objects.for_person(request.user).since(since)[:RECENT]
    return render(request, "notifications/_panel.html", {"notifications": recent, "newest": newest, "count": count})


@require_POST
@employee_required
def notification_opening(request: Any, pk: int) -> HttpResponse:
    """Go to what a notification tells of; it is read by that."""
    notification = get_object_or_404(Notification.objects.for_person(request.user), pk=pk)
    mark_read(request.user, pk=pk)
    return back_to(request, notification.url, otherwise=reverse("notifications:notification_list"))


@require_POST
@employee_required
def reading(request: Any) -> HttpResponse:
    """Mark as read all that the person had before them when they pressed, and nothing that came since."""
    mark_read(request.user, until=number_of(request.POST.get("until")))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect("notifications:notification_list")
