"""What customers' own people say themselves: more on what they asked, and their word on a complaint. Whoever has it is told."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.customers.outsiders import acts_for
from crm.service.errors import ServiceError
from crm.service.models import Objection, Request, RequestEvent
from crm.service.notifications import SAID
from crm.service.services.keeping import who_answers_for
from crm.service.services.objections import go_on as close_step
from crm.service.services.objections import owes_gift, refuse_late
from crm.service.services.objections import take_up as take_objection_up
from crm.service.services.requests import go_on, log, take_up
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify

NOT_THEIRS = gettext_lazy("Only people of the customer say this themselves.")


@transaction.atomic
def say_on_request(request: Request, *, actor: Any, text: str) -> Request:
    """What waited for them goes on; what was solved is taken up again under a new clock."""
    held = _own(Request.objects.select_related("customer__root__portfolio", "owner"), request, actor)
    if not text.strip():
        raise ServiceError(_("Write what is still missing."))
    by_state = {Request.State.WAITING: go_on, Request.State.SOLVED: take_up}
    made = by_state[Request.State(held.state)](held, actor, text) if held.state in by_state else log(held, RequestEvent.Kind.WORKED, actor, text)
    _tell(held, actor, text)
    return made


@transaction.atomic
def thank_for_request(request: Request, *, actor: Any) -> Request:
    """It was solved to their content; said once."""
    held = _own(Request.objects.select_related("customer__root__portfolio", "owner"), request, actor)
    if held.state != Request.State.SOLVED:
        raise ServiceError(_("It is not solved yet."))
    if not is_thanked(held):
        words = _("Solved to our content.")
        log(held, RequestEvent.Kind.WORKED, actor, words)
        _tell(held, actor, words)
    return held


def is_thanked(request: Request) -> bool:
    """Have they said something to the solution?"""
    return request.events.filter(kind=RequestEvent.Kind.WORKED, at__gte=request.solved_at, actor__kind="customer").exists()


@transaction.atomic
def say_word(objection: Objection, *, actor: Any, is_content: bool, text: str) -> Objection:
    """Content, it closes, unless a gift is owed, which whoever handles it gives first. Not content, it is diagnosed and judged anew."""
    rows = Objection.objects.select_related("customer__root__portfolio", "owner", "line__order__customer", "line__product")
    held = _own(rows, objection, actor)
    if held.state not in (Objection.State.WORD, Objection.State.CLOSED):
        raise ServiceError(_("It is not decided yet. You are asked for your word when it is."))
    if is_content:
        _be_content(held, actor, text)
    else:
        if held.state == Objection.State.CLOSED:
            refuse_late(held)
        take_objection_up(held, actor, text)
    _tell(held, actor, text or _("content"))
    return held


def _be_content(held: Objection, actor: Any, text: str) -> None:
    if held.state == Objection.State.CLOSED:
        raise ServiceError(_("It is closed already."))
    held.is_content = True
    if owes_gift(held):
        held.save(update_fields=["is_content"])
        held.steps.filter(done_at__isnull=True).update(text=text.strip())
        record(actor, "objection.content", held, reason=text.strip())
    else:
        close_step(held, actor, text, None)


def _own(rows: Any, thing: Any, actor: Any) -> Any:
    held = lock_row(rows, thing.pk, no_key=True)
    if held.customer is None or not acts_for(actor, held.customer):
        raise ServiceError(str(NOT_THEIRS))
    return held


def _tell(held: Any, actor: Any, text: str) -> None:
    answers = who_answers_for(held.customer.root)
    people = {held.owner_id, *([answers.pk] if answers is not None else [])}
    words = {"number": held.number, "customer": held.customer.root.name, "text": text.strip()[:80]}
    notify(SAID, words=words, about=held, recipients=sorted(people), at_its_page=True, actor=actor)
