"""Aid after a disaster: set by the head for those who were harmed, decided jointly by a paper, then promised as visits."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.activities.care_figures import figures_of
from crm.activities.errors import ActivitiesError
from crm.activities.models import Care, CareCase, CareDecision, Promise
from crm.activities.models.cares import MOST_FEN
from crm.activities.notifications import CARE_DECIDED, CARE_NOT_DECIDED
from crm.activities.papers import CODE
from crm.activities.services.cares import lock_care, promise_care
from crm.activities.services.keeping import stamp
from crm.catalogue.units import say_yuan
from portal.approvals.definitions.forms import digest
from portal.approvals.errors import PaperError
from portal.approvals.models import Paper, PaperKind
from portal.approvals.services.submitting import begin_paper, submit_paper
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.organization.querysets import today

ENDED = "activities.aid_ended"
MOST_LINES = 500
LEAST_TIME = timedelta(days=6)  # for visits after a decision that comes late
State = CareDecision.State
OVER = (Paper.State.APPROVED, Paper.State.REFUSED, Paper.State.WITHDRAWN, Paper.State.VOID)


@transaction.atomic
def set_aid(care: Care, *, actor: Any, cases: Iterable[CareCase], aid: str, fen: int = 0) -> int:
    """The same for each of these; nothing takes back what was set. What a paper decides on, or has decided, is not touched."""
    held = lock_care(care, actor)
    rows = list(held.cases.select_for_update(no_key=True).filter(pk__in=[one.pk for one in cases]).order_by("pk"))
    if not held.asks_first or not rows:
        raise ActivitiesError(_("Choose those who are to be helped."))
    if any(not one.is_harmed for one in rows):
        raise ActivitiesError(_("Aid is for those who said on the telephone that they were harmed."))
    if any(one.decision_id for one in rows):
        raise ActivitiesError(_("For some of them aid is being decided, or is decided already. Leave those out."))
    if fen and not aid.strip():
        raise ActivitiesError(_("Say what they are given, beside its worth."))
    for one in rows:
        one.aid, one.aid_fen = aid.strip()[:200], fen
    CareCase.objects.bulk_update(rows, ["aid", "aid_fen"], batch_size=2_000)
    record(actor, "care.aid_set", held, after={"aid": aid.strip(), "worth": fen, "customers": len(rows)})
    return len(rows)


def drafts_of(care: Care) -> Any:
    """Those for whom aid was set that no paper has yet."""
    return care.cases.once().filter(decision__isnull=True).exclude(aid="")  # type: ignore[attr-defined]


@transaction.atomic
def ask_for_aid(care: Care, *, actor: Any, reason: str) -> CareDecision:
    """Begin and submit the paper with all for whom aid is set."""
    held = lock_care(care, actor)
    cases = list(drafts_of(held).select_related("customer__root").order_by("pk")[: MOST_LINES + 1])
    if not cases:
        raise ActivitiesError(_("Set aid for those who were harmed first; then ask for a decision."))
    if len(cases) > MOST_LINES:
        raise ActivitiesError(_("A paper has %(number)s lines at most. Set aid for fewer customers at a time.") % {"number": MOST_LINES})
    if sum(one.aid_fen for one in cases) > MOST_FEN:
        raise ActivitiesError(_("The sum of the aid is too great for one paper."))
    if not reason.strip():
        raise ActivitiesError(_("Say why they are to be helped."))
    kind = PaperKind.objects.filter(code=CODE).first()
    if kind is None:
        raise ActivitiesError(_("The plant has no paper for aid. Tell those who keep the kinds of papers."))
    values = _values(held, cases, reason.strip())
    try:
        paper = submit_paper(begin_paper(kind, actor=actor, values=values), actor=actor, values=values)
    except PaperError as error:
        raise ActivitiesError(str(error)) from error
    assert paper.content is not None
    made = CareDecision.objects.create(care=held, paper=paper, said=digest(paper.content.values), asked_by=actor)
    CareCase.objects.filter(pk__in=[one.pk for one in cases]).update(decision=made)
    record(actor, "care.submitted", held, after={"paper": paper.number, "customers": len(cases)})
    return made


def _values(care: Care, cases: Sequence[CareCase], reason: str) -> dict[str, Any]:
    found = figures_of(care.cases.once())  # type: ignore[attr-defined]
    survey = _("%(all)s customers, %(reached)s reached; harmed %(harmed)s: shop %(shop)s, stock %(stock)s, people %(people)s")
    return {
        "title": _("Aid: %(care)s, %(number)s customers") % {"care": care.name, "number": len(cases)},
        "care": care.name,
        "survey": survey % found,
        "damage": _money(sum(one.damage for one in cases)),
        "amount": _money(sum(one.aid_fen for one in cases)),
        "reason": reason,
        "lines": [
            {
                "uid": f"{one.pk:010}",
                "customer": f"{one.customer.root.name[:90]} ({one.customer.root.code})",
                "harm": one.harm,
                "damage": say_yuan(one.damage),
                "needs": one.needs,
                "aid": one.aid,
                "worth": say_yuan(one.aid_fen),
            }
            for one in cases
        ],
    }


def _money(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


@transaction.atomic
def settle_aid(paper_id: int) -> CareDecision | None:
    """What the end of the paper means. Done again it does nothing; a paper that was written by hand decides on no aid."""
    found = CareDecision.objects.filter(paper=paper_id).first()
    if found is None:
        return None
    held = lock_row(CareDecision.objects.select_related("paper__content", "care__department"), found.pk, no_key=True)
    if held.paper.state not in OVER:
        return held
    content = held.paper.content
    approved = held.paper.state == Paper.State.APPROVED and content is not None and digest(content.values) == held.said
    words = {"name": held.care.name, "paper": held.paper.number}
    if held.state == State.ASKED and approved:
        held.state = State.APPROVED
        held.save(update_fields=["state"])
        record(None, "care.decided", held.care, after={"paper": held.paper.number})
        promise_care(held.care, list(held.cases.order_by("pk")), first=today(), last=max(held.care.ends_on, today() + LEAST_TIME))
        notify(CARE_DECIDED, words=words, about=held.care, recipients=[held.asked_by_id], url=held.care.get_absolute_url())
    elif held.state in (State.ASKED, State.APPROVED) and not approved:
        _take_back(held)
        record(None, "care.not_decided", held.care, after={"paper": held.paper.number})
        notify(CARE_NOT_DECIDED, words=words, about=held.care, recipients=[held.asked_by_id], url=held.care.get_absolute_url())
    return held


def _take_back(decision: CareDecision) -> None:
    """What was not visited yet is not promised any more; aid that is set stays as a draft."""
    was_approved = decision.state == State.APPROVED
    decision.state = State.REFUSED
    decision.save(update_fields=["state"])
    if was_approved:
        reason = _("The paper %(number)s is void.") % {"number": decision.paper.number}
        rows = Promise.objects.filter(care_case__decision=decision, state=Promise.State.OPEN).select_related("customer__root__portfolio")
        for promise in rows.select_for_update(of=("self",), no_key=True).order_by("pk"):
            stamp(promise, promise.customer.root, today())
            promise.state, promise.settled_on, promise.reason = Promise.State.EXCUSED, today(), reason
            promise.save()
    kept = decision.cases.filter(promise__state=Promise.State.KEPT)
    decision.cases.exclude(pk__in=kept.values("pk")).update(decision=None, promise=None)
