"""Reading an article: the page, what a version changed."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from knowledge.headings import with_anchors
from knowledge.models import Article, ArticleVersion, EditSuggestion, Usefulness
from knowledge.models.categories import keepers_above
from knowledge.policies import reads_version
from knowledge.tree import read_tree
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.access.words import describe_rule
from portal.attachments.queries import shown_on
from portal.foundation.rich_text import difference
from portal.pages.newer import say_newer

RELATED = ("audience", "category", "department", "owner_position", "owner", "published_by")


@require_GET
@employee_required
def article_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An article as it was admitted last. Its writers, where it was not, are led to its draft."""
    rows = Article.objects.select_related(*RELATED).annotate(place_keepers=keepers_above())
    article = get_permitted(Article, user=request.user, rows=rows, pk=pk)
    if not article.version_number:
        return redirect("knowledge:article_preview" if article.workflow_in_progress else "knowledge:article_update", pk=article.pk)
    writes = can(request.user, "change", article)
    answers = can(request.user, "review", article)
    body, headings = with_anchors(article.body, article.anchors)
    tree = read_tree()
    context: dict[str, Any] = {
        "article": article,
        "path": tree.above(article.category_id),
        "body": body,
        "headings": headings,
        "audience": describe_rule(article.audience.rule) if article.audience else "",
        "files": list(shown_on(article)) if article.file_ids else [],
        "versions": _versions(request.user, article, writes=writes) if article.version_number > 1 else [],
        "note": _note(article) if article.version_number > 1 else "",
        "writes": writes,
        "answers": answers,
        "keeps": can(request.user, "move", article),
        "rates": can(request.user, "rate", article),
        "said": Usefulness.objects.filter(article=article, version_number=article.version_number, person=request.user.pk).first(),
        "found": usefulness_of(article) if answers else None,
        "suggestions": EditSuggestion.objects.filter(article=article, state=EditSuggestion.State.OPEN).select_related("person") if writes else [],
        "own_suggestions": EditSuggestion.objects.filter(article=article, person=request.user.pk)[:5] if not writes else [],
    }
    return render(request, "knowledge/article_detail.html", context)


@require_GET
@employee_required
def article_change(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What a version changed of the one before, marked in the text; for those who were meant to read both."""
    article = get_permitted(Article, user=request.user, rows=Article.objects.select_related("category"), pk=pk)
    rows = ArticleVersion.objects.filter(article=article, number__lte=number).select_related("written_by", "admitted_by", "audience", "article")
    versions = list(rows.order_by("-number")[:2])
    if not versions or versions[0].number != number or len(versions) < 2:
        return redirect(article)
    if not all(reads_version(request.user, version) for version in versions):
        raise PermissionDenied(_("An earlier version was for fewer people. What is for you is the article as it stands now."))
    after, before = versions
    context = {"article": article, "before": before, "after": after, "difference": difference(before.body, after.body)}
    return render(request, "knowledge/article_change.html", context)


@require_GET
@employee_required
def article_newer(request: HttpRequest, pk: int) -> HttpResponse:
    """A line for a page that is open since version `version`."""
    return say_newer(request, get_permitted(Article, user=request.user, pk=pk))


def usefulness_of(article: Article) -> dict[str, Any]:
    """What readers said of the version that stands, and why it was of no use to them, without names."""
    rows = Usefulness.objects.filter(article=article, version_number=article.version_number)
    numbers = rows.aggregate(yes=Count("pk", filter=Q(is_useful=True)), no=Count("pk", filter=Q(is_useful=False)))
    return numbers | {"reasons": list(rows.filter(is_useful=False).exclude(reason="").order_by("-said_at").values_list("reason", flat=True)[:10])}


def _versions(user: Any, article: Article, *, writes: bool) -> list[ArticleVersion]:
    """All of them; each says whether this person may compare it with the one before."""
    versions = list(ArticleVersion.objects.filter(article=article).select_related("audience", "written_by", "article").defer("body"))
    may_read = [writes or reads_version(user, version) for version in versions]
    for place, version in enumerate(versions):
        version.may_read = may_read[place]  # type: ignore[attr-defined]
        version.is_compared = place + 1 < len(versions) and may_read[place] and may_read[place + 1]  # type: ignore[attr-defined]
    return versions


def _note(article: Article) -> str:
    version = ArticleVersion.objects.filter(article=article, number=article.version_number).only("change_note").first()
    return version.change_note if version is not None else ""
