"""For those who keep the search: what people look for and do not find, and what stands first for a word."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.access.decorators import capability_required
from portal.access.policies import get_permitted
from portal.foundation.asking import read_number
from portal.foundation.returning import back_to
from portal.search.asking import understand
from portal.search.capabilities import KEEP_SEARCH
from portal.search.engines.base import EngineAwayError
from portal.search.finding import Result, find_entries
from portal.search.kept import PinError, missed_words, pin_result, unpin_result
from portal.search.models import Entry, Pin


@require_safe
@capability_required(KEEP_SEARCH)
def kept(request: HttpRequest) -> HttpResponse:
    pins = list(Pin.objects.select_related("entry", "pinned_by"))
    # Titles only of what they may see themselves.
    seen = {result.entry_id: result for result in _seen(request, [pin.entry_id for pin in pins])}
    context = {"misses": missed_words(), "pins": [(pin, seen.get(pin.entry_id)) for pin in pins]}
    return render(request, "search/kept.html", context)


@require_POST
@capability_required(KEEP_SEARCH)
def pin_create(request: HttpRequest) -> HttpResponse:
    words = request.POST.get("words", "")
    entry = get_object_or_404(Entry, pk=read_number(request.POST, "entry"), is_gone=False)
    if not _seen(request, [entry.pk]):
        raise Http404
    try:
        pin_result(entry, words=words, actor=request.user)
    except PinError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It stands first for “%(words)s” now.") % {"words": understand(words).plain})
    return redirect(f"{reverse('search:search')}?{urlencode({'q': words})}")


@require_POST
@capability_required(KEEP_SEARCH)
def pin_removal(request: HttpRequest, pk: int) -> HttpResponse:
    unpin_result(get_permitted(Pin, user=request.user, action="change", pk=pk), actor=request.user)
    messages.success(request, _("It stands where it belongs again."))
    return back_to(request, request.POST.get("next", ""), otherwise=reverse("search:kept"))


def _seen(request: HttpRequest, entry_ids: list[int]) -> list[Result]:
    """Those that this person may see; none while the engine cannot answer."""
    try:
        return find_entries(request.user, entry_ids, understand(""))
    except EngineAwayError:
        return []
