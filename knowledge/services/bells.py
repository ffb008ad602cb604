"""What people were told of an article, and is taken back when it has left the knowledge base."""

from knowledge.models import Article
from knowledge.notifications import ADMITTED, ANSWERED, REVIEW_DUE, SUGGESTED
from portal.discussion.notifications import OF_DISCUSSIONS
from portal.discussion.services import bell_addresses, withdraw_bells
from portal.notifications.services import renew_bells, withdraw_all

OF_THE_ARTICLE = (ADMITTED, REVIEW_DUE, SUGGESTED, ANSWERED)


def forget_article(article: Article) -> None:
    withdraw_all([article.get_absolute_url(), article.review_url], kinds=OF_THE_ARTICLE)
    withdraw_bells(article)


def renew_told(article: Article) -> None:
    """What was told of it before is of this version from now on, and for those alone for whom it is now."""
    renew_bells(article, [article.get_absolute_url(), *bell_addresses(article)], kinds=[*OF_THE_ARTICLE, *OF_DISCUSSIONS])
