"""The home page, and arranging it."""

import logging
from contextlib import nullcontext
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.access.decorators import employee_required
from portal.foundation.dates import say_greeting, say_long_day
from portal.foundation.errors import PortalError
from portal.foundation.widgets import Widget, allowed_widgets
from portal.home.services import CHANGES, arrange_home, arrangement_of, change_arrangement, reset_home

UNAVAILABLE = "components/unavailable.html"

logger = logging.getLogger(__name__)


@require_safe
@employee_required
def home(request: HttpRequest) -> HttpResponse:
    """The widgets that have something to show, in the person's own arrangement, and places for those that may come while the page is open."""
    arrangement = arrangement_of(request.user)
    context = {
        "greeting": say_greeting(timezone.localtime().time()),
        "today": say_long_day(timezone.localdate()),
        "department": arrangement.department,
        "main": _panels(request, arrangement.main),
        "side": _panels(request, arrangement.side),
    }
    return render(request, "home/home.html", context | {"is_empty": not any("context" in panel for panel in context["main"])})


@require_safe
@employee_required
def live_panel(request: HttpRequest, code: str) -> HttpResponse:
    """A widget that listens, as it is now; nothing where it has nothing to show."""
    widgets = [widget for widget in allowed_widgets(request.user) if widget.code == code and widget.listens]
    if not widgets:
        raise Http404
    return render(request, "home/_panel.html", {"panel": _panels(request, widgets)[0]})


@require_safe
@employee_required
def arrangement(request: HttpRequest) -> HttpResponse:
    """Where each widget stands, with buttons to move it."""
    arranged = arrangement_of(request.user)
    columns = [("main", _("Wide column"), arranged.main), ("side", _("Narrow column"), arranged.side), ("hidden", _("Hidden"), arranged.hidden)]
    return render(request, "home/arrangement.html", {"columns": columns})


@require_POST
@employee_required
def arrangement_change(request: HttpRequest) -> HttpResponse:
    """One step (`code` and `change`), a whole order (`main`, `side`, `hidden`, from dragging), or everything back (`reset`)."""
    try:
        if "reset" in request.POST:
            reset_home(actor=request.user)
            messages.success(request, _("The home page is as it was at first."))
        elif "change" in request.POST:
            change = request.POST["change"]
            if change not in CHANGES:
                return HttpResponseBadRequest()
            change_arrangement(actor=request.user, code=request.POST.get("code", ""), change=change)
        else:
            columns = {name: request.POST.getlist(name) for name in ("main", "side", "hidden")}
            arrange_home(actor=request.user, **columns)
            return HttpResponse(status=204)
    except PortalError as error:
        if request.headers.get("HX-Request"):
            return HttpResponse(str(error), status=409)
        messages.error(request, str(error))
    return redirect("home:arrangement")


def _panels(request: HttpRequest, widgets: list[Widget]) -> list[dict[str, Any]]:
    panels = []
    for widget in widgets:
        panel: dict[str, Any] = {"code": widget.code, "label": widget.label, "template_name": widget.template_name, "listens": widget.listens}
        context = _context_or_failure(widget, request)
        if isinstance(context, Exception):
            panels.append(panel | {"template_name": UNAVAILABLE, "context": {}})
        elif context is not None:
            panels.append(panel | {"context": context})
        elif widget.listens:
            panels.append(panel)
    return panels


def _context_or_failure(widget: Widget, request: HttpRequest) -> dict[str, Any] | Exception | None:
    """One widget that fails leaves the others, and the transaction where there is one, as they were."""
    try:
        with transaction.atomic() if request.view_as else nullcontext():  # type: ignore[attr-defined]
            return widget.context(request)
    except Exception as failure:
        logger.exception("the widget %s failed", widget.code)
        return failure
