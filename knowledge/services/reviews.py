"""Reviews: those who answer for an article are asked before it is due, and keep it, revise it or withdraw it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge.errors import KnowledgeError
from knowledge.models import Article, Verification
from knowledge.models.articles import SOON
from knowledge.notifications import REVIEW_DUE
from knowledge.policies import owner_tokens, people_answering_for
from portal.access.policies import decide
from portal.audit.services import record
from portal.notifications.services import notify, withdraw_all
from portal.outbox.services import enqueue
from portal.pages.drafts import lock_page
from portal.pages.services import retract_page
from portal.search.services import touch

REVIEW_COMES = "knowledge.review_comes"
TO_REVISE = timedelta(days=30)
ASKED_AT = time(9)


def plan_review(article: Article) -> None:
    """Those who answer for it are asked two weeks before the day, at nine, or at once where that has passed."""
    if article.review_due_on is not None:
        at = timezone.make_aware(datetime.combine(article.review_due_on - SOON, ASKED_AT))
        enqueue(REVIEW_COMES, {"article": article.pk, "due": article.review_due_on.isoformat()}, due_at=max(at, timezone.now()))


def ask_for_review(article_id: int, due: str) -> None:
    """Ring those who answer for it today; nothing where it was reviewed or withdrawn meanwhile."""
    article = Article.objects.filter(pk=article_id, is_shown=True, review_due_on=date.fromisoformat(due)).first()
    if article is None or article.review_due_on is None:
        return
    recipients = list(people_answering_for(article).values_list("pk", flat=True))
    words = {"title": article.title, "day": article.review_due_on.isoformat()}
    needs = [*owner_tokens(article), *article.writer_tokens()]
    notify(REVIEW_DUE, words=words, about=article, recipients=recipients, url=article.review_url, needs=needs)


@transaction.atomic
def review_article(article: Article, *, actor: Any, outcome: str, version_number: int, note: str = "") -> Verification:
    """Put on record what somebody who answers for it found. Keeping changes neither version nor text, only the day of the next review.

    Refuses where another version was admitted since the one that was read, so that nothing is kept unseen.
    """
    lock_page(article)
    stored = Article.objects.get(pk=article.pk)
    decision = decide(actor, "review", stored)
    if not decision:
        raise KnowledgeError(str(decision.rule))
    if version_number != stored.version_number:
        raise KnowledgeError(_("Another version was admitted meanwhile. Read what stands here now, then decide."))
    if outcome == Verification.Outcome.WITHDRAW and not note.strip():
        raise KnowledgeError(_("Say why it is withdrawn."))
    today = timezone.localdate()
    due = {
        Verification.Outcome.KEEP: today + relativedelta(months=stored.review_months),
        Verification.Outcome.REVISE: max(today + TO_REVISE, stored.review_due_on or today),
        Verification.Outcome.WITHDRAW: None,
    }[Verification.Outcome(outcome)]
    verification = Verification.objects.create(
        article=stored, version_number=version_number, outcome=outcome, note=note.strip(), person=actor, verified_at=timezone.now(), next_due_on=due
    )
    record(actor, "article.reviewed", stored, after={"outcome": outcome, "version": version_number, "next": str(due or "")}, reason=note.strip())
    withdraw_all([stored.review_url], kinds=[REVIEW_DUE])
    if outcome == Verification.Outcome.WITHDRAW:
        retract_page(stored, reason=note, actor=actor)
        return verification
    facts: dict[str, Any] = {"review_due_on": due}
    if outcome == Verification.Outcome.KEEP:
        facts["verified_on"] = today
    Article.objects.filter(pk=stored.pk).update(**facts)
    stored.review_due_on = due
    plan_review(stored)
    touch(Article, [stored.pk])
    return verification
