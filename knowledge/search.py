"""Articles with their files, for those they are for."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from knowledge.models import Article
from portal.foundation.rich_text import to_text
from portal.search.sources import Draft, Kind, Source, register_kind, register_source, taking_part_in, with_files


def _articles() -> QuerySet[Article]:
    return Article.objects.filter(is_shown=True).select_related("audience", "category")


def _drafts(articles: QuerySet[Article]) -> Iterator[tuple[int, Draft]]:
    return with_files((article, _draft(article)) for article in articles)


def _draft(article: Article) -> Draft:
    text = [article.summary, to_text(article.body), article.category.title, article.category.name_en]
    return Draft(
        kind="article",
        title=article.title,
        url=article.get_absolute_url(),
        rule=article.audience.rule if article.audience else None,
        taking_part=taking_part_in(article),
        text=[(None, "\n".join(part for part in text if part))],
        ends_at=article.shown_until,
        department_id=article.department_id,
        author_id=article.owner_id,
        dated_at=article.corrected_at or article.published_at,
    )


register_kind(Kind("article", _("article"), _("Articles"), "book-open", order=20))
register_source(Source("articles", Article, _articles, _drafts))
