"""Articles as lists: what a person may read, and what they write."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from knowledge.models import Article
from knowledge.models.articles import SOON, freshness_of
from knowledge.tree import read_tree
from portal.access.visibility import audience_ids_of
from portal.lists.columns import Column
from portal.lists.definition import List, register_list
from portal.lists.filters import ChoiceFilter, DayFilter
from portal.organization.models import Department
from portal.organization.places import open_places
from portal.pages.querysets import waits_for_approval

TONES = {Article.Freshness.FRESH: "good", Article.Freshness.DUE: "", Article.Freshness.OVERDUE: "warning"}


def _categories() -> Iterator[tuple[str, str]]:
    tree = read_tree()
    for row in tree.rows:
        yield str(row.pk), f"{'　' * (tree.level(row.pk) - 1)}{row.label}"


def _in_category(value: str) -> Q:
    tree = read_tree()
    return Q(category__in=tree.below(int(value))) if value.isdecimal() and int(value) in tree.by_pk else Q(pk__isnull=True)


def _in_department(value: str) -> Q:
    path = Department.objects.filter(pk=int(value)).values_list("path", flat=True).first() if value.isdecimal() else None
    return Q(department__path__startswith=path) if path else Q(pk__isnull=True)


def _fresh(value: str) -> Q:
    today = timezone.localdate()
    if value == Article.Freshness.OVERDUE:
        return Q(review_due_on__lt=today)
    if value == Article.Freshness.DUE:
        return Q(review_due_on__gte=today, review_due_on__lte=today + SOON)
    return Q(review_due_on__gt=today + SOON)


def _freshness(article: Article) -> tuple[Any, str]:
    code = Article.Freshness(freshness_of(article.review_due_on, timezone.localdate()))
    return code.label, TONES[code]


CATEGORY = ChoiceFilter(
    key="category", label=pgettext_lazy("of knowledge", "Category"), anything=gettext_lazy("all"), choices=_categories, conditions=_in_category
)
DEPARTMENT = ChoiceFilter(key="department", label=gettext_lazy("Department"), anything=gettext_lazy("all"), choices=open_places, conditions=_in_department)

# Of a page Wagtail keeps some thirty columns more, which cost more to read than all that is shown.
READ = (
    "title", "summary", "published_at", "review_due_on", "verified_on", "category__title", "category__name_en", "department__name", "department__name_en",
    "owner_position__name", "owner_position__name_en",
)  # fmt: skip


@register_list
class ArticleList(List):
    code = "knowledge.articles"
    url_name = "knowledge:article_list"
    row_url_name = "knowledge:article_detail"
    heading = gettext_lazy("Articles")
    icon = "book-open"
    words_in = ("title", "summary")
    words_label = gettext_lazy("Words of the title")
    default_sort = "-published_at"
    empty_title = gettext_lazy("No article fits")
    empty_text = gettext_lazy("Ask for less, or write what is missing.")
    columns = (
        Column("title", gettext_lazy("Title")),
        Column("category", pgettext_lazy("of knowledge", "Category"), "category.label", related=("category",)),
        Column("department", gettext_lazy("Department"), "department.label", related=("department",)),
        Column("owner", gettext_lazy("Answers for it"), lambda row: row.owner_position and row.owner_position.label, related=("owner_position",)),
        Column("state", gettext_lazy("Review"), _freshness, "tag"),
        Column("review_due_on", gettext_lazy("Next review"), kind="day", order_by=("review_due_on",)),
        Column("published_at", gettext_lazy("Admitted"), kind="instant", order_by=("published_at",)),
        Column("verified_on", gettext_lazy("Last verified"), kind="day", is_shown=False),
        Column("summary", gettext_lazy("In brief"), is_shown=False),
    )
    filters = (
        CATEGORY,
        DEPARTMENT,
        ChoiceFilter(key="review", label=gettext_lazy("Review"), anything=gettext_lazy("all"), choices=Article.Freshness.choices, conditions=_fresh),
        DayFilter(key="published", label=gettext_lazy("Admitted"), field="published_at", is_instant=True, is_further=True),
    )

    def rows(self, user: Any) -> QuerySet[Article]:
        return Article.objects.filter(is_shown=True, audience__any=audience_ids_of(user)).only(*READ)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Knowledge base"), reverse("knowledge:map"))]


STATES = (
    ("draft", gettext_lazy("draft")),
    ("waiting", gettext_lazy("waits for admission")),
    ("admitted", gettext_lazy("admitted")),
    ("withdrawn", gettext_lazy("withdrawn")),
)
TONES_OF_STATES = {"draft": "", "waiting": "warning", "admitted": "good", "withdrawn": "danger"}


def _in_state(code: str) -> Q:
    if code == "waiting":
        return Q(waits_for_approval())
    if code == "admitted":
        return Q(is_shown=True)
    if code == "withdrawn":
        return Q(retracted_at__isnull=False)
    return Q(is_shown=False, retracted_at__isnull=True) & ~Q(waits_for_approval())


def _state(article: Article) -> tuple[Any, str]:
    code = "withdrawn" if article.retracted_at else "waiting" if article.waits else "admitted" if article.is_shown else "draft"  # type: ignore[attr-defined]
    return dict(STATES)[code], TONES_OF_STATES[code]


@register_list
class OwnArticleList(List):
    """What a person began, or answers for."""

    code = "knowledge.own"
    url_name = "knowledge:own_list"
    heading = gettext_lazy("My articles")
    subtitle = gettext_lazy("What I began, in every state.")
    icon = "book-marked"
    words_in = ("draft_title", "title")
    words_label = gettext_lazy("Words of the title")
    default_sort = "-changed"
    empty_title = gettext_lazy("You have not written anything yet")
    empty_text = gettext_lazy("What you know of a machine, a material, a fault: write it down, and a keeper of the category admits it.")
    columns = (
        Column("title", gettext_lazy("Title"), lambda row: row.draft_title or row.title),
        Column("category", pgettext_lazy("of knowledge", "Category"), "category.label", related=("category",)),
        Column("state", gettext_lazy("State"), _state, "tag", annotations=lambda: {"waits": waits_for_approval()}),
        Column("changed", gettext_lazy("Last changed"), "latest_revision_created_at", "instant", order_by=("latest_revision_created_at",)),
        Column("review_due_on", gettext_lazy("Next review"), kind="day", order_by=("review_due_on",)),
    )
    filters = (ChoiceFilter(key="state", label=gettext_lazy("State"), anything=gettext_lazy("all"), choices=STATES, conditions=_in_state), CATEGORY)

    def rows(self, user: Any) -> QuerySet[Article]:
        return Article.objects.filter(owner=user.pk).defer("body")

    def row_url(self, row: Article) -> str:
        return row.get_absolute_url()

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Knowledge base"), reverse("knowledge:map"))]
