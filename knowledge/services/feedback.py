"""What readers say of an article: whether it was of use, and what they would change."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge.errors import KnowledgeError
from knowledge.models import Article, EditSuggestion, Usefulness
from knowledge.notifications import ANSWERED, SUGGESTED
from knowledge.policies import owner_tokens, people_answering_for
from portal.access.policies import decide
from portal.access.rules import person_token
from portal.audit.services import record
from portal.foundation.signs import one_line
from portal.notifications.services import notify
from portal.pages.drafts import lock_page

MOST_QUOTED = 600
MOST_OPEN = 20


@transaction.atomic
def say_usefulness(article: Article, *, actor: Any, is_useful: bool, version_number: int, reason: str = "") -> Usefulness:
    """Whether the version that was read was of use. Said again it takes the place of what was said of this version before."""
    _refuse(actor, "rate", article)
    if not 1 <= version_number <= article.version_number:
        raise KnowledgeError(_("There is no such version."))
    said, _is_new = Usefulness.objects.update_or_create(
        article=article,
        version_number=version_number,
        person=actor,
        defaults={"is_useful": is_useful, "reason": "" if is_useful else reason.strip()[:500], "said_at": timezone.now()},
    )
    return said


@transaction.atomic
def suggest_change(article: Article, *, actor: Any, text: str, quoted: str = "", anchor: str = "") -> EditSuggestion:
    """Propose another wording, or say what is wrong, in the passage that was marked. Those who answer for the article are told."""
    lock_page(article)
    stored = Article.objects.get(pk=article.pk)
    _refuse(actor, "suggest", stored)
    if not text.strip():
        raise KnowledgeError(_("Write what should be changed."))
    if EditSuggestion.objects.filter(article=stored, person=actor, state=EditSuggestion.State.OPEN).count() >= MOST_OPEN:
        raise KnowledgeError(_("%(number)s of your suggestions for this article wait for an answer. Wait for those first.") % {"number": MOST_OPEN})
    suggestion = EditSuggestion.objects.create(
        article=stored,
        version_number=stored.version_number,
        anchor=anchor if anchor in stored.anchors else "",
        quoted=one_line(quoted)[:MOST_QUOTED],
        text=text.strip(),
        person=actor,
        made_at=timezone.now(),
    )
    record(actor, "edit_suggestion.made", stored, after={"suggestion": suggestion.pk})
    notify(
        SUGGESTED,
        words={"person": actor.name, "title": stored.title, "text": one_line(text)[:80]},
        about=stored,
        recipients=list(people_answering_for(stored).values_list("pk", flat=True)),
        url=stored.get_absolute_url(),
        actor=actor,
        needs=[*owner_tokens(stored), *stored.writer_tokens()],
    )
    return suggestion


@transaction.atomic
def answer_suggestion(suggestion: EditSuggestion, *, actor: Any, is_taken: bool, answer: str = "") -> None:
    """Take a suggestion up, or decline it with a word. Whoever made it is told. Of two who answer, one does."""
    held = EditSuggestion.objects.select_for_update().select_related("article").get(pk=suggestion.pk)
    _refuse(actor, "answer", held.article)
    if held.state != EditSuggestion.State.OPEN:
        raise KnowledgeError(_("It was answered already; someone else may have been quicker."))
    if not is_taken and not answer.strip():
        raise KnowledgeError(_("Say why it is declined; whoever suggested it reads it."))
    held.state = EditSuggestion.State.TAKEN if is_taken else EditSuggestion.State.DECLINED
    held.answer, held.answered_by, held.answered_at = answer.strip()[:500], actor, timezone.now()
    held.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    record(actor, "edit_suggestion.answered", held.article, after={"suggestion": held.pk, "state": held.state}, reason=held.answer)
    words = {"title": held.article.title, "answer": held.answer or _("it is taken up.")}
    url = held.article.get_absolute_url()
    notify(ANSWERED, words=words, about=held.article, recipients=[held.person_id], url=url, actor=actor, needs=[person_token(held.person_id)])


def _refuse(actor: Any, action: str, article: Article) -> None:
    decision = decide(actor, action, article)
    if not decision:
        raise KnowledgeError(str(decision.rule))
