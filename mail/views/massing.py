"""Mass mail: how far a choice reaches, who has read what was sent, reminding those who have not."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from mail.conversations import mass_counts
from mail.models import Mailbox, Placement, Reminder
from mail.reaching import may_send_mass, reach_of
from mail.reporting import by_department
from mail.services.massing import remind_unread
from mail.views.common import PLACEMENTS, frame_of, mail_page, mass_page
from portal.access.decorators import employee_required
from portal.access.forms import asked_rule
from portal.access.policies import get_permitted
from portal.access.view_as import personal
from portal.foundation.form_pages import ActPage


@require_safe
@mass_page
def mass_reach(request: Any, mailbox: Mailbox) -> HttpResponse:
    """What the picker's present value comes to: how many, how many without a mailbox, how many one may not write to."""
    rule, error = asked_rule(request.GET)
    return render(request, "mail/_mass_reach.html", {"reach": reach_of(request.user, rule) if rule else None, "error": error})


@require_safe
@mail_page
def mass_own(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    """One's own copy of a message, as a reminder leads to it."""
    own = Placement.objects.there().filter(mailbox=mailbox, message=pk).order_by("side").first()
    if own is None:
        raise Http404
    return redirect(own)


@require_safe
@mail_page
def mass_report(request: Any, mailbox: Mailbox, pk: int) -> HttpResponse:
    placement = _sent(request, pk)
    sent, read, recalled = mass_counts([placement.message_id]).get(placement.message_id, (0, 0, 0))
    context = {
        "placement": placement,
        "lines": by_department(placement.message),
        "sent": sent,
        "read": read,
        "recalled": recalled,
        "unread": sent - read - recalled,
        "reminders": Reminder.objects.filter(message=placement.message_id).order_by("at"),
        "may_remind": may_send_mass(request.user),
    }
    return render(request, "mail/mass_report.html", context | frame_of(request, mailbox, "sent"))


@method_decorator([personal, employee_required], name="dispatch")
class MassReminding(ActPage):
    is_personal = True

    def load(self, request: Any, **kwargs: Any) -> Placement:
        return _sent(request, kwargs["pk"])

    def act(self, request: Any) -> str:
        count = remind_unread(actor=request.user, message=self.subject.message)
        return ngettext("%(count)s person is reminded.", "%(count)s people are reminded.", count) % {"count": count}

    def back_url(self) -> str:
        return reverse("mail:mass_report", args=[self.subject.pk])


def _sent(request: Any, pk: int) -> Placement:
    """A mass mail that one has sent, as one has it."""
    placement: Placement = get_permitted(Placement, user=request.user, rows=PLACEMENTS, pk=pk)
    if not placement.message.is_mass or placement.is_received:
        raise Http404(_("It is no mass mail of yours."))
    return placement
