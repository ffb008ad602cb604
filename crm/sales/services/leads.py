"""Leads: noted, dropped with a reason, or taken up as an opportunity, once."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.customers.models import Customer, Portfolio
from crm.sales.errors import SalesError
from crm.sales.models import Lead, Opportunity
from crm.sales.notifications import NEEDED
from portal.access.policies import decide
from portal.access.standings import people_holding
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.organization.querysets import today


@transaction.atomic
def note_lead(*, actor: Any, portfolio: Portfolio, name: str, text: str, source: str) -> Lead:
    made = Lead(name=name.strip(), text=text.strip(), source=source, portfolio=portfolio, noted_on=today(), author=actor)
    decision = decide(actor, "change", made)
    if not decision:
        raise SalesError(str(decision.rule))
    made.save()
    record(actor, "lead.noted", made, after={"portfolio": portfolio.name})
    return made


@transaction.atomic
def take_need(*, actor: Any, customer: Customer, text: str, origin: str) -> int:
    """A need of which somebody heard who does not sell: a lead of the customer's portfolio, whose holder is told."""
    portfolio = customer.portfolio
    made = Lead.objects.create(
        name=customer.name, text=text.strip()[:500], source=Lead.Source.SERVICE, portfolio=portfolio, noted_on=today(), author=actor, origin=origin
    )
    record(actor, "lead.noted", made, after={"portfolio": portfolio.name, "origin": origin})
    holders = list(people_holding([portfolio.token]).values_list("pk", flat=True))
    notify(NEEDED, words={"customer": customer.name}, about=made, recipients=holders, url=reverse("crm:lead_detail", args=[made.pk]), actor=actor)
    return made.pk


@transaction.atomic
def drop_lead(lead: Lead, *, actor: Any, reason: str) -> Lead:
    held = lock_lead(lead, actor)
    held.state, held.dropped_because = Lead.State.DROPPED, reason.strip()
    held.save()
    record(actor, "lead.dropped", held, reason=reason)
    return held


def take_lead(lead: Lead, opportunity: Opportunity, *, actor: Any) -> None:
    """Within the transaction that opens the opportunity."""
    held = lock_lead(lead, actor)
    held.state, held.opportunity = Lead.State.TAKEN, opportunity
    held.save()


def lock_lead(lead: Lead, actor: Any) -> Lead:
    held = lock_row(Lead.objects.select_related("portfolio"), lead.pk)
    decision = decide(actor, "change", held)
    if not decision:
        raise SalesError(str(decision.rule))
    if held.state == Lead.State.TAKEN:
        raise SalesError(_("This lead became an opportunity already."))
    if held.state == Lead.State.DROPPED:
        raise SalesError(_("This lead was dropped. Note it again."))
    return held
