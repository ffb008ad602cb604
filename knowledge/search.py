"""Articles with their files, for those they are for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time

from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knowledge.force import current_versions, in_force_of
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
    """The version in force, and the one to come where its text is another and for the same readers. Where it is for others, or was taken back,
    what is in force is found: an entry has one rule.
    """
    rows, today = list(policies), timezone.localdate()
    standing = in_force_of([row.pk for row in rows], today)
    divided = [row.pk for row in rows if row.is_divided]
    others = {pk: standing[pk] for pk in divided if pk in standing}
    ends = dict(current_versions(today).filter(policy__in=divided, effective_on__gt=today).values_list("policy").annotate(Min("effective_on")))
    drafts = ((row, _draft_of(row, standing.get(row.pk), ends)) for row in rows)
    return with_files(drafts, only={pk: version.file_ids for pk, version in others.items()})


def _draft_of(policy: Policy, standing: PolicyVersion | None, ends: Mapping[int, date]) -> Draft:
    if policy.is_divided and standing is not None:
        return _draft_of_version(policy, standing, ends.get(policy.pk))
    return _draft_of_policy(policy, standing)


def _draft_of_version(policy: Policy, version: PolicyVersion, ends_on: date | None) -> Draft:
    """What is in force, for its readers, until the day on which the next one is. Whoever reads besides is cleared for both."""
    taking = taking_part_in(policy)
    return replace(
        _draft_of_policy(policy, None),
        title=version.title,
        rule=version.audience.rule,
        taking_part=replace(taking, level=max(taking.level, version.audience.level)),
        text=[(None, "\n".join([policy.number or "", version.get_kind_display(), to_text(version.body)]))],
        ends_at=timezone.make_aware(datetime.combine(ends_on, time())) if ends_on is not None else policy.shown_until,
    )


def _draft_of_policy(policy: Policy, version: PolicyVersion | None) -> Draft:
    earlier = to_text(version.body) if version is not None and version.number != policy.version_number else ""
    text = [policy.number or "", policy.get_kind_display(), to_text(policy.body), earlier]
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
        number=policy.number or "",
    )


register_kind(Kind("article", _("article"), _("Articles"), "book-open", order=20))
register_source(Source("articles", Article, _articles, _drafts))
register_kind(Kind("policy", pgettext_lazy("of any kind", "policy"), _("Policies"), "shield-check", order=21))
register_source(Source("policies", Policy, _policies, _drafts_of_policies))
