"""Writing news: beginning, previewing, leading with it, retracting it; the desk does the rest."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bulletin.news.forms import NewsForm, RetractionForm
from bulletin.news.models import Category, NewsItem
from bulletin.news.policies import EDITORS, edits_news
from bulletin.news.services.items import create_item, everyone, lead_with
from bulletin.news.views.reading import item_context
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.foundation.errors import PortalError
from portal.pages.desk import Desk
from portal.pages.drafts import planned_revision
from portal.pages.services import retract_page

WRITTEN = ("audience", "latest_revision__user", "live_revision", "published_by")


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def news_create(request: HttpRequest) -> HttpResponse:
    """A new item. The first save makes the draft; until then there is nothing."""
    if not edits_news(request.user):
        raise PermissionDenied(EDITORS)
    return DESK.serve(request, initial={"category": Category.MARKET, "audience": everyone()})


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
            retract_page(item, reason=form.cleaned_data["reason"], actor=request.user)
        except PortalError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("“%(title)s” is retracted.") % {"title": item.title})
            return redirect("bulletin:news_desk")
    return render(request, "bulletin/news/news_retraction.html", {"item": item, "form": form}, status=422 if form.is_bound else 200)


def _begin(_place: None, **written: Any) -> NewsItem:
    return create_item(**written)


def _context(request: HttpRequest, item: NewsItem | None, _place: None) -> dict[str, Any]:
    return {"heading": _("Correct a news item") if item is not None and item.published_at is not None else _("Write news")}


DESK = Desk(
    model=NewsItem,
    form=NewsForm,
    template="bulletin/news/news_form.html",
    address="bulletin:news",
    home="bulletin:news_desk",
    begin=_begin,
    context=_context,
)
