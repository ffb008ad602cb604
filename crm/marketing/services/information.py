"""News of the market: sent in by staff or by customers, approved or refused by somebody else, who says why."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.customers.models import Customer
from crm.customers.outsiders import acts_for
from crm.customers.policies import writer_tokens
from crm.marketing.capabilities import KEEP_MARKETING
from crm.marketing.errors import MarketingError
from crm.marketing.models import MarketNote
from crm.marketing.notifications import NEWS_JUDGED, NEWS_SENT
from portal.access.policies import can, decide
from portal.access.registry import tokens_of_holders
from portal.access.standings import people_holding
from portal.attachments.services import hang_files
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.numbers.series import NumberSeries
from portal.numbers.services import issue_number
from portal.organization.querysets import today

NEWS = NumberSeries("marketing.news", "SC{year}{number:05}")
State = MarketNote.State


@transaction.atomic
def send_news(
    *, actor: Any, kind: str, text: str, place: str = "", customer: Customer | None = None, file_ids: Sequence[UUID] = ()
) -> MarketNote:  # fmt: skip
    """Every employee may, about a customer that they may see; a customer's own people for their firm alone."""
    root = Customer.objects.select_related("portfolio").get(kin=customer.pk) if customer is not None else None
    is_outside = root is not None and acts_for(actor, root)
    if not (actor.is_employee or is_outside):
        raise MarketingError(_("Only employees, and customers for their own firm, send news of the market."))
    if root is not None and not is_outside and not can(actor, "view", root):
        raise MarketingError(_("There is no such customer."))
    if not text.strip():
        raise MarketingError(_("Say what is new."))
    year = today().year
    made = MarketNote.objects.create(
        number=NEWS.write(issue_number(NEWS, year=year), year=year), kind=MarketNote.Kind(kind), text=text.strip(), place=place.strip(), customer=root,
        sender=actor, is_from_outside=is_outside,
    )  # fmt: skip
    if file_ids:
        hang_files(actor=actor, about=made, shown=list(file_ids))
    record(actor, "market_note.sent", made, after={"kind": made.kind, "customer": root.code if root is not None else ""})
    tokens = [*tokens_of_holders(KEEP_MARKETING), *(writer_tokens(root.portfolio) if root is not None else ())]
    words = {"number": made.number, "kind": str(made.get_kind_display()), "who": root.name if root is not None else actor.name}
    people = list(people_holding(tokens).values_list("pk", flat=True))
    notify(NEWS_SENT, words=words, about=made, recipients=people, at_its_page=True, actor=actor)
    return made


@transaction.atomic
def judge_news(note: MarketNote, *, actor: Any, is_approved: bool, reason: str = "") -> MarketNote:
    """Once, by another than who sent it. What is not taken says why; the sender reads it."""
    held = lock_row(MarketNote.objects.select_related("sender", "customer__root__portfolio"), note.pk, no_key=True)
    decision = decide(actor, "judge", held)
    if not decision:
        raise MarketingError(str(decision.rule))
    if held.state != State.SENT:
        raise MarketingError(_("It was judged already: %(state)s.") % {"state": held.get_state_display()})
    if not is_approved and not reason.strip():
        raise MarketingError(_("Say why it is not taken; the sender reads it."))
    held.state, held.reason = State.APPROVED if is_approved else State.REFUSED, reason.strip()[:300]
    held.judged_by, held.judged_at = actor, timezone.now()
    held.save()
    record(actor, f"market_note.{held.state}", held, reason=held.reason)
    if held.sender.is_employee:
        words = {"number": held.number, "state": str(held.get_state_display())}
        notify(NEWS_JUDGED, words=words, about=held, recipients=[held.sender_id], url=held.get_absolute_url(), actor=actor)
    return held
