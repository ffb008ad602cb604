"""Articles with their files, for those they are for."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knowledge.force import in_force_of
from knowledge.models import Article, Policy, PolicyVersion
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


def _policies() -> QuerySet[Policy]:
    return Policy.objects.filter(is_shown=True).select_related("audience", "department")


def _drafts_of_policies(policies: QuerySet[Policy]) -> Iterator[tuple[int, Draft]]:
    """The version in force, and the one to come where its text is another."""
    rows = list(policies)
    standing = in_force_of([policy.pk for policy in rows], timezone.localdate())
    return with_files((policy, _draft_of_policy(policy, standing.get(policy.pk))) for policy in rows)


def _draft_of_policy(policy: Policy, version: PolicyVersion | None) -> Draft:
    body = to_text(policy.body)
    # What was for others is left out: an entry has one rule, and that is the row's.
    is_another = version is not None and version.number != policy.version_number and version.audience_id == policy.audience_id
    earlier = to_text(version.body) if version is not None and is_another else ""
    text = [policy.number or "", policy.get_kind_display(), body, earlier]
    return Draft(
        kind="policy",
        title=policy.title,
        url=policy.get_absolute_url(),
        rule=policy.audience.rule if policy.audience else None,
        taking_part=taking_part_in(policy),
        text=[(None, "\n".join(part for part in text if part))],
        ends_at=policy.shown_until,
        department_id=policy.department_id,
        author_id=policy.published_by_id,
        dated_at=policy.corrected_at or policy.published_at,
    )


register_kind(Kind("article", _("article"), _("Articles"), "book-open", order=20))
register_source(Source("articles", Article, _articles, _drafts))
register_kind(Kind("policy", pgettext_lazy("of any kind", "policy"), _("Policies"), "shield-check", order=21))
register_source(Source("policies", Policy, _policies, _drafts_of_policies))
