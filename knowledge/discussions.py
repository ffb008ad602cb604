"""Articles can be discussed."""

from knowledge.models import Article
from portal.discussion.registry import register_discussable


def _label(article: Article) -> str:
    return article.title


register_discussable(Article, url=Article.get_absolute_url, label=_label, noun=lambda article: "comments")
