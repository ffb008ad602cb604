"""Reviews of policies: those in charge are asked before one is due, and keep it, revise it or repeal it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge.errors import KnowledgeError
from knowledge.models import Policy, PolicyReview
from knowledge.notifications import POLICY_REVIEW_DUE
from portal.access.policies import decide, people_taking_part
from portal.access.readers import TakingPart
from portal.audit.services import record
from portal.notifications.services import notify, withdraw_all
from portal.outbox.services import enqueue
from portal.pages.drafts import lock_page

POLICY_REVIEW_COMES = "knowledge.policy_review_comes"
BEFORE = timedelta(days=30)
TO_ACT = timedelta(days=60)
ASKED_AT = time(9)


def plan_policy_review(policy: Policy) -> None:
    """Those in charge are asked a month before the day, at nine, or at once where that has passed."""
    if policy.review_due_on is not None:
        at = timezone.make_aware(datetime.combine(policy.review_due_on - BEFORE, ASKED_AT))
        enqueue(POLICY_REVIEW_COMES, {"policy": policy.pk, "due": policy.review_due_on.isoformat()}, due_at=max(at, timezone.now()))


def ask_for_policy_review(policy_id: int, due: str) -> None:
    """Ring those in charge today; nothing where it was reviewed, revised or repealed meanwhile."""
    policy = Policy.objects.filter(pk=policy_id, is_shown=True, repealed_on__isnull=True, review_due_on=date.fromisoformat(due)).first()
    if policy is None or policy.review_due_on is None:
        return
    level = policy.audience.level if policy.audience is not None else 0
    writers = list(people_taking_part(TakingPart(tuple(policy.writer_tokens()), level)).values_list("pk", flat=True))
    words = {"title": policy.title, "number": policy.number or "", "day": policy.review_due_on.isoformat()}
    notify(POLICY_REVIEW_DUE, words=words, about=policy, recipients=writers, url=policy.review_url, needs=policy.writer_tokens())


@transaction.atomic
def review_policy(policy: Policy, *, actor: Any, outcome: str, version_number: int, note: str = "") -> PolicyReview:
    """Put on record what those in charge found. It changes neither text nor version nor what was confirmed, only the day of the next review.

    Refuses where another version was published since the one that was read.
    """
    lock_page(policy)
    stored = Policy.objects.get(pk=policy.pk)
    decision = decide(actor, "review", stored)
    if not decision:
        raise KnowledgeError(str(decision.rule))
    if version_number != stored.version_number:
        raise KnowledgeError(_("Another version was published meanwhile. Read what stands here now, then decide."))
    if outcome != PolicyReview.Outcome.KEEP and not note.strip():
        raise KnowledgeError(_("Say what no longer fits."))
    today = timezone.localdate()
    keeps = PolicyReview.Outcome(outcome) is PolicyReview.Outcome.KEEP
    due = today + relativedelta(months=stored.review_months) if keeps else max(today + TO_ACT, stored.review_due_on or today)
    review = PolicyReview.objects.create(
        policy=stored, version_number=version_number, outcome=outcome, note=note.strip()[:300], person=actor, reviewed_at=timezone.now(), next_due_on=due
    )
    record(actor, "policy.reviewed", stored, after={"outcome": outcome, "version": version_number, "next": str(due)}, reason=note.strip())
    withdraw_all([stored.review_url], kinds=[POLICY_REVIEW_DUE])
    Policy.objects.filter(pk=stored.pk).update(review_due_on=due)
    stored.review_due_on = due
    plan_policy_review(stored)
    return review
