"""What bells say of an article: the words of the version that is read now, until it is withdrawn."""

from typing import Any

from knowledge.models import Article, Policy
from knowledge.services.policies import words_of
from portal.notifications.registry import Subject, register_subject


def _words(article: Article) -> dict[str, Any]:
    return {"title": article.title if article.published_at is not None else article.draft_title}


register_subject(Article, Subject(_words, lambda article: article.shown_until))
register_subject(Policy, Subject(words_of, lambda policy: policy.shown_until))
