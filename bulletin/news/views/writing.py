"""Writing news: beginning, saving (also by itself), previewing, publishing, and what two editors do to each other."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.models import Revision

from bulletin.errors import PublicationError
from bulletin.news.forms import NewsForm, RetractionForm
from bulletin.news.models import NewsItem
from bulletin.news.policies import EDITORS, edits_news
from bulletin.news.services.items import create_item, delete_item, lead_with, publish_item, retract_item, save_item, unschedule_item
from bulletin.news.views.reading import item_context
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.foundation.errors import PortalError
from portal.foundation.rich_text import difference
from portal.pages.drafts import draft_stamp
from portal.pages.errors import EditConflictError

WRITTEN = ("audience", "latest_revision__user", "live_revision", "published_by")


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def news_create(request: HttpRequest) -> HttpResponse:
    """A new item. The first save makes the draft; until then there is nothing."""
    if not edits_news(request.user):
        raise PermissionDenied(EDITORS)
    if request.method == "POST":
        return _Desk(request, None).take()
    return _page(request, None, NewsForm(actor=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def news_update(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft of an item, or of its correction."""
    item = get_permitted(NewsItem, user=request.user, action="change", rows=NewsItem.objects.select_related(*WRITTEN), pk=pk)
    if request.method == "POST":
        return _Desk(request, item).take()
    if planned_revision(item) is not None:
        return redirect("bulletin:news_preview", pk=item.pk)
    return _page(request, item, NewsForm(actor=request.user, draft=item.get_latest_revision_as_object()))


@require_GET
@employee_required
def news_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What was saved last, as readers will see it."""
    item = get_permitted(NewsItem, user=request.user, action="change", rows=NewsItem.objects.select_related(*WRITTEN), pk=pk)
    draft = item.get_latest_revision_as_object()
    context = item_context(draft) | {"is_preview": True, "edits": False, "planned": planned_revision(item)}
    return render(request, "bulletin/news/news_item.html", context)


@require_POST
@employee_required
def news_deletion(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_permitted(NewsItem, user=request.user, action="delete", pk=pk)
    delete_item(item, actor=request.user)
    messages.success(request, _("The draft is deleted."))
    return redirect("bulletin:news_desk")


@require_POST
@employee_required
def news_unscheduling(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a planned publication off the schedule, and go on writing."""
    item = get_permitted(NewsItem, user=request.user, action="change", pk=pk)
    try:
        unschedule_item(item, actor=request.user)
    except PortalError as refusal:
        messages.error(request, str(refusal))
        return redirect(item)
    return redirect("bulletin:news_update", pk=item.pk)


@require_POST
@employee_required
def news_lead(request: HttpRequest, pk: int) -> HttpResponse:
    """`lead=1` makes it the lead story, anything else a story among others."""
    item = get_permitted(NewsItem, user=request.user, action="lead", pk=pk)
    is_lead = request.POST.get("lead") == "1"
    try:
        lead_with(item, actor=request.user, is_lead=is_lead)
    except PortalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is the lead story now.") if is_lead else _("It is not the lead story any more."))
    return redirect(item)


@require_http_methods(["GET", "POST"])
@employee_required
def news_retraction(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an item down, with a reason."""
    item = get_permitted(NewsItem, user=request.user, action="retract", pk=pk)
    form = RetractionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            retract_item(item, reason=form.cleaned_data["reason"], actor=request.user)
        except PortalError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("“%(title)s” is retracted.") % {"title": item.title})
            return redirect("bulletin:news_desk")
    return render(request, "bulletin/news/news_retraction.html", {"item": item, "form": form}, status=422 if form.is_bound else 200)


@dataclass
class _Desk:
    """One sending of the form: keep what can be kept, then do what was asked."""

    request: HttpRequest
    item: NewsItem | None

    def take(self) -> HttpResponse:
        draft = self.item.get_latest_revision_as_object() if self.item is not None else None
        form = NewsForm(self.request.POST, self.request.FILES, actor=self.request.user, draft=draft)
        form.is_valid()
        is_autosave = "autosave" in self.request.POST
        seen = self.request.POST.get("seen", "")
        try:
            if self.item is None:
                self.item = create_item(actor=self.request.user, values=form.written())
            else:
                _refuse_planned(self.item)
                save_item(self.item, actor=self.request.user, values=form.written(), seen=seen, is_autosave=is_autosave)
        except EditConflictError as conflict:
            return self._conflict(form, conflict)
        except PortalError as refusal:
            if is_autosave:
                return JsonResponse({"error": str(refusal)}, status=422)
            form.add_error(None, str(refusal))
            return _page(self.request, self.item, form, status=422, seen=seen)
        self.item = NewsItem.objects.select_related(*WRITTEN).get(pk=self.item.pk)
        return JsonResponse(_saved(self.item, form)) if is_autosave else self._go_on(form, self.item)

    def _go_on(self, form: NewsForm, item: NewsItem) -> HttpResponse:
        """Whatever is refused from here on, what was typed is saved."""
        action = self.request.POST.get("action", "")
        if form.errors:
            return _page(self.request, item, form, status=422)
        if action == "preview":
            return redirect("bulletin:news_preview", pk=item.pk)
        if action != "publish":
            messages.success(self.request, _("The draft is saved."))
            return redirect("bulletin:news_update", pk=item.pk)
        try:
            published = publish_item(item, actor=self.request.user)
        except PublicationError as refusal:
            form.refuse(refusal.problems)
            return _page(self.request, item, form, status=422)
        except PortalError as refusal:
            form.add_error(None, str(refusal))
            return _page(self.request, item, form, status=422)
        planned = planned_revision(published)
        if planned is not None:
            when = date_format(timezone.localtime(planned.approved_go_live_at), "m-d H:i")
            messages.success(self.request, _("It will be published %(when)s.") % {"when": when})
        else:
            messages.success(self.request, _("The correction is published.") if published.corrected_at else _("Published."))
        return redirect(published)

    def _conflict(self, form: NewsForm, conflict: EditConflictError) -> HttpResponse:
        """409: what was typed stays on the page, beside what the other has made of it. Saving again takes the new stamp."""
        assert self.item is not None
        if "autosave" in self.request.POST:
            return JsonResponse({"error": str(conflict), "is_conflict": True}, status=409)
        stored = NewsItem.objects.select_related(*WRITTEN).get(pk=self.item.pk)
        theirs = stored.get_latest_revision_as_object()
        other = {
            "sentence": str(conflict),
            "title": theirs.title if theirs.title != form.cleaned_data.get("title") else "",
            "difference": difference(theirs.body, form.cleaned_data.get("body", "")),
        }
        return _page(self.request, stored, form, status=409, other=other)


def planned_revision(item: NewsItem) -> Revision | None:
    """The revision whose publication is planned."""
    return item.revisions.filter(approved_go_live_at__isnull=False).order_by("pk").last()


def _refuse_planned(item: NewsItem) -> None:
    if planned_revision(item) is not None:
        raise PortalError(_("Its publication is planned. Take it off the schedule before you change it; what you typed is still here."))


def _saved(item: NewsItem, form: NewsForm) -> dict[str, Any]:
    """What the page learns of an automatic save."""
    missing = [str(form.fields[name].label) for name in form.errors if name in form.fields]
    time = date_format(timezone.localtime(), "H:i")
    text = _("Saved %(time)s by itself") % {"time": time}
    if missing:
        text = _("Saved %(time)s by itself, but not: %(fields)s") % {"time": time, "fields": _(", ").join(missing)}
    return {"stamp": draft_stamp(item), "text": text, "is_whole": not missing, "url": reverse("bulletin:news_update", args=[item.pk]), "pk": item.pk}


def _page(
    request: HttpRequest, item: NewsItem | None, form: NewsForm, *, status: int = 200, seen: str | None = None, other: dict[str, Any] | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "item": item,
        "seen": seen if seen is not None else draft_stamp(item) if item is not None else "",
        "saved_at": item.latest_revision.created_at if item is not None and item.latest_revision is not None else None,
        "other": other,
    }
    return render(request, "bulletin/news/news_form.html", context, status=status)
