"""What pages are told about articles."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from knowledge.keeping import kept_categories
from knowledge.models import AdmissionTask, Article, ArticleCategory, KnowledgeRoot, Policy, PolicyShelf
from knowledge.notifications import ADMITTED, ASKED, SENT_BACK
from knowledge.services.articles import facts_of_article, leave_the_base, missing_of_article, note_version, tell_of_withdrawal
from knowledge.services.policies import facts_of_policy, missing_of_policy, note_policy_version
from portal.access.standings import standing_of
from portal.pages.registry import Approval, PageRules, register_approval, register_page, register_workplaces
from portal.pages.released import Released, register_released


def categories_of(user: Any) -> Iterator[Page]:
    """The branches that a person keeps today."""
    kept = kept_categories(user)
    if kept is None:
        yield from KnowledgeRoot.objects.all()
    elif kept:
        yield from ArticleCategory.objects.filter(pk__in=kept)


def articles_to_admit(user: Any) -> QuerySet[Article]:
    kept = kept_categories(user)
    rows = Article.objects.select_related("category", "department")
    return rows if kept is None else rows.filter(Q(category__in=kept) | Q(assignee=user.pk))


def shelves_of(user: Any) -> Iterator[Page]:
    """The shelves of the departments whose policies a person writes today."""
    standing = standing_of(user)
    duties = [int(token.removeprefix("duty:")) for token in standing.tokens if token.startswith("duty:")]
    if standing.headed_department_ids or duties:
        yield from PolicyShelf.objects.filter(Q(department__in=standing.headed_department_ids) | Q(writers__in=duties))


register_workplaces(categories_of)
register_workplaces(shelves_of)
register_released(Released("knowledge", _("Knowledge"), Article, brief="summary"))
register_page(Policy, PageRules(missing=missing_of_policy, facts=facts_of_policy, published=note_policy_version))
register_page(
    Article,
    PageRules(missing=missing_of_article, facts=facts_of_article, published=note_version, ended=leave_the_base, retracted=tell_of_withdrawal),
)
register_approval(
    Article,
    Approval(
        workflow="Admission",
        task=AdmissionTask,
        tokens=Article.keeper_tokens,
        rows=articles_to_admit,
        asked=ASKED,
        approved=ADMITTED,
        sent_back=SENT_BACK,
        nobody=_("Nobody else could admit it: the category has no other keeper. Ask those who keep the knowledge base to name one."),
        others_only=_("Admitted by another keeper than the one who wrote it."),
        first=Article.duty_tokens,
    ),
)
