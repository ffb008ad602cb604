"""What a version changed of the one before."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulletin.models import Notice, NoticeVersion
from bulletin.policies import reads_version
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.foundation.rich_text import difference


@require_GET
@employee_required
def notice_change(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What a version changed of the one before, marked in the text; for those who were meant to read both."""
    notice = get_permitted(Notice, user=request.user, rows=Notice.objects.select_related("department"), pk=pk)
    rows = NoticeVersion.objects.filter(notice=notice, number__lte=number).select_related("published_by", "audience", "notice")
    versions = list(rows.order_by("-number")[:2])
    if not versions or versions[0].number != number or len(versions) < 2:
        return redirect(notice)
    if not all(reads_version(request.user, version) for version in versions):
        raise PermissionDenied(_("An earlier version was for fewer people. What is for you is the notice as it stands now."))
    after, before = versions
    context = {"notice": notice, "before": before, "after": after, "difference": difference(before.body, after.body)}
    return render(request, "bulletin/notice_change.html", context)
