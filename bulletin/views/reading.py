"""Reading a notice: the page, its versions, noting that it was opened."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from bulletin.loading import PublishedNotice
from bulletin.models import Notice, NoticeVersion
from bulletin.policies import reads_version
from bulletin.publishing import publishes_for
from bulletin.retracted import retracted_since_opened
from bulletin.services.readers import note_reading
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.access.words import describe_rule
from portal.attachments.queries import shown_on
from portal.organization.models import Department
from portal.pages.newer import say_newer

ROWS: Any = PublishedNotice()


@require_GET
@employee_required
def notice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice as it was published last. Its publishers, where it was not, are shown to its draft."""
    notice, is_open = _found(request.user, pk)
    if not is_open:
        return render(request, "bulletin/notice_retracted.html", {"notice": notice}, status=410)
    publishes = publishes_for(request.user, notice.department_id)
    if not notice.version_number:
        return redirect("bulletin:notice_update", pk=notice.pk)
    context: dict[str, Any] = {
        "notice": notice,
        "publishes": publishes,
        "further": Department.objects.filter(pk__in=notice.further) if notice.further else [],
        "audience": describe_rule(notice.audience.rule) if notice.audience else "",
        "files": list(shown_on(notice)) if notice.file_ids else [],
        "versions": _versions(request.user, notice) if notice.version_number > 1 else [],
        "discusses_at_once": notice.kind == Notice.Kind.TOPIC or any(name.startswith("comment") for name in request.GET),
    }
    return render(request, "bulletin/notice_detail.html", context)


@require_POST
@employee_required
def notice_reading(request: HttpRequest, pk: int) -> HttpResponse:
    """The page says that it was opened."""
    note_reading(get_permitted(Notice, user=request.user, pk=pk), actor=request.user)
    return HttpResponse(status=204)


@require_GET
@employee_required
def notice_newer(request: HttpRequest, pk: int) -> HttpResponse:
    """A line for a page that is open since version `version`: it was corrected, or retracted. Nothing where neither."""
    notice, _is_open = _found(request.user, pk)
    return say_newer(request, notice)


def _found(user: Any, pk: int) -> tuple[Notice, bool]:
    """A notice, and whether this person may open it: where not, it was retracted since they had. Else Http404."""
    try:
        return get_permitted(Notice, user=user, rows=ROWS, pk=pk), True
    except Http404:
        retracted = retracted_since_opened(user, pk)
        if retracted is None:
            raise
        return retracted, False


def _versions(user: Any, notice: Notice) -> list[NoticeVersion]:
    """Those that were for this person, the newest first; `is_compared` where the one before was too."""
    rows = NoticeVersion.objects.filter(notice=notice).defer("body").select_related("audience").order_by("-number")
    versions: list[Any] = []
    for version in rows:
        version.notice = notice
        if reads_version(user, version):
            versions.append(version)
    numbers = {version.number for version in versions}
    for version in versions:
        version.is_compared = version.number - 1 in numbers
    return versions
