"""Writing an article: beginning, previewing, admission; the desks of pages do the rest."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.models import WorkflowState

from knowledge.forms.articles import ArticleForm, AssignForm
from knowledge.headings import heading_texts, with_anchors
from knowledge.models import Article, ArticleCategory
from knowledge.services.articles import create_article, own_department, rule_of_article
from knowledge.tree import read_tree
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.foundation.asking import read_number
from portal.pages.approval import approval_of, approvers_of
from portal.pages.deciding import DecisionDesk, draft_context
from portal.pages.desk import Desk, submit_and_say

WRITTEN = ("category", "department", "audience", "owner", "owner_position", "latest_revision__user", "live_revision")


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def article_create(request: HttpRequest) -> HttpResponse:
    """A new article. First its category is chosen, which says who admits it; the first save makes the draft."""
    asked = read_number(request.GET, "category")
    if not asked:
        return render(request, "knowledge/category_choice.html", {"tree": read_tree()}, status=200 if request.method != "POST" else 422)
    category = get_permitted(ArticleCategory, user=request.user, pk=asked)
    return DESK.serve(request, place=category, initial={"audience": rule_of_article(), "department": own_department(request.user), "review_months": 12})


@require_GET
@employee_required
def article_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What was saved last, as readers will see it, for those who may change it; and what it waits for."""
    article = get_permitted(Article, user=request.user, action="change", rows=written_by(request.user), pk=pk)
    return render(request, "knowledge/article_preview.html", preview_context(article, request.user))


def written_by(user: Any) -> Any:
    """Articles with what their drafts show; the policy says which of them this person may open."""
    return Article.objects.select_related(*WRITTEN)


def preview_context(article: Article, user: Any) -> dict[str, Any]:
    context = draft_context(article, user)
    draft = context["draft"]
    anchors = [f"s{place}" for place, _text in enumerate(heading_texts(draft.body), start=1)]
    body, headings = with_anchors(draft.body, anchors)
    may_assign = context["state"] is not None and can(user, "assign", article)
    return context | {
        "article": draft,
        "path": read_tree().above(article.category_id),
        "body": body,
        "headings": headings,
        "versions": [],
        "assign_form": AssignForm() if may_assign else None,
        "assignee": article.assignee,
    }


def _context(request: HttpRequest, article: Article | None, place: ArticleCategory | None) -> dict[str, Any]:
    category = place or (article.category if article is not None else None)
    assert category is not None
    state = article.current_workflow_state if article is not None else None
    tree = read_tree()
    return {
        "heading": _("New version of an article") if article is not None and article.version_number else _("Write an article"),
        "category": category,
        "path": tree.above(category.pk),
        "category_label": tree.label(category.pk),
        "sent_back": state.current_task_state if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES else None,
        "asks": True,
        "has_second": article is None or approvers_of(article).exclude(pk=str(request.user.pk)).exists(),
        "nobody": approval_of(Article).nobody,
    }


DESK = Desk(
    model=Article,
    form=ArticleForm,
    template="knowledge/article_form.html",
    address="knowledge:article",
    home="knowledge:own_list",
    begin=create_article,
    publish=submit_and_say,
    context=_context,
)
DECISIONS = DecisionDesk(
    model=Article,
    template="knowledge/article_approval.html",
    address="knowledge:article",
    home="knowledge:desk",
    rows=written_by,
    context=preview_context,
    approved=gettext_lazy("Admitted. It stands in the knowledge base now."),
)
