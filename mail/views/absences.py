"""One's own absence: set, changed, ended."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mail.forms import AwayForm
from mail.gateway.connection import sends_out
from mail.models import Mailbox
from mail.services.absences import FIELDS, absence_of, deputies_of, end_absence, set_absence
from mail.views.common import frame_of, mail_page
from portal.foundation.errors import PortalError
from portal.organization.models import Absence
from portal.organization.querysets import today


@require_http_methods(["GET", "HEAD", "POST"])
@mail_page
def away(request: Any, mailbox: Mailbox) -> HttpResponse:
    set_now = absence_of(mailbox)
    initial = {name: getattr(set_now, name) for name in FIELDS} if set_now is not None else _proposed(request.user)
    form = AwayForm(request.POST if request.method == "POST" else None, initial=initial)
    if not sends_out():
        del form.fields["answers_outside"]
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                set_absence(actor=request.user, values={"answers_outside": False} | form.cleaned_data)
            except PortalError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Set. Whoever writes to you in these days gets your answer once."))
                return redirect("mail:away")
        status = 422
    deputies = _(", ").join(person.name for person in deputies_of(request.user))
    context = {"form": form, "away": set_now, "deputies": deputies}
    return render(request, "mail/away.html", context | frame_of(request, mailbox, "away"), status=status)


@require_POST
@mail_page
def back(request: Any, mailbox: Mailbox) -> HttpResponse:
    try:
        end_absence(actor=request.user)
    except PortalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Welcome back. Nothing is answered or passed on any more."))
    return redirect("mail:away")


def _proposed(user: Any) -> dict[str, Any]:
    """What stands on one's card already, where one is away soon."""
    known = Absence.objects.filter(person=user.pk, ends_on__gte=today()).order_by("starts_on").first()
    return {"starts_on": known.starts_on, "ends_on": known.ends_on} if known is not None else {}
