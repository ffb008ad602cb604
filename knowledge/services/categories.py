"""The tree of categories."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knowledge.errors import KnowledgeError
from knowledge.models import Article, ArticleCategory, KnowledgeRoot
from knowledge.models.categories import DEEPEST
from portal.audit.services import record, snapshot
from portal.foundation.signs import one_line
from portal.organization.models import Duty
from portal.pages.drafts import lock_page
from portal.pages.tree import ensure_root, grow

FIELDS = ("title", "name_en", "description", "keepers_id", "order")


def ensure_knowledge_root() -> KnowledgeRoot:
    return KnowledgeRoot.objects.first() or grow(ensure_root(), KnowledgeRoot(title="Knowledge", slug="knowledge"))


@transaction.atomic
def create_category(
    *, actor: Any, title: str, parent: ArticleCategory | None = None, name_en: str = "", description: str = "", keepers: Duty | None = None, order: int = 0
) -> ArticleCategory:
    """A category, at the top or below another. Refuses a fourth level, and a name that stands there already."""
    root = ensure_knowledge_root()
    above = parent or root
    lock_page(root)
    if parent is not None and parent.depth - root.depth >= DEEPEST:
        raise KnowledgeError(_("Categories are three levels deep at most. Choose one that is higher up."))
    category = ArticleCategory(title=one_line(title), name_en=one_line(name_en), description=one_line(description), keepers=keepers, order=order)
    _refuse_double(category, above)
    category = grow(above, category)
    record(actor, "category.created", category, after=snapshot(category, *FIELDS))
    return category


@transaction.atomic
def change_category(
    category: ArticleCategory, *, actor: Any, title: str, name_en: str = "", description: str = "", keepers: Duty | None = None, order: int = 0
) -> None:
    """Its name, what belongs there, who keeps it, where it stands among its neighbours."""
    lock_page(ensure_knowledge_root())
    stored = ArticleCategory.objects.get(pk=category.pk)
    before = snapshot(stored, *FIELDS)
    stored.title, stored.name_en, stored.description, stored.keepers, stored.order = one_line(title), one_line(name_en), one_line(description), keepers, order
    _refuse_double(stored, stored.get_parent())
    stored.draft_title = stored.title
    stored.save(update_fields=["title", "draft_title", "name_en", "description", "keepers", "order"])
    record(actor, "category.changed", stored, before=before, after=snapshot(stored, *FIELDS))


@transaction.atomic
def delete_category(category: ArticleCategory, *, actor: Any) -> None:
    """Remove an empty category. One with articles, drafts and withdrawn ones included, or with others below stays."""
    lock_page(ensure_knowledge_root())
    stored = ArticleCategory.objects.get(pk=category.pk)
    if stored.get_children().type(ArticleCategory).exists():
        raise KnowledgeError(_("There are categories below it. Delete those first."))
    number = Article.objects.filter(category=stored).count()
    if number:
        raise KnowledgeError(
            ngettext(
                "%(number)s article stands in it. Put it into another category first; nothing was deleted.",
                "%(number)s articles stand in it. Put them into another category first; nothing was deleted.",
                number,
            )
            % {"number": number}
        )
    record(actor, "category.deleted", stored, before=snapshot(stored, *FIELDS))
    stored.delete()


def _refuse_double(category: ArticleCategory, above: Any) -> None:
    if not category.title:
        raise KnowledgeError(_("Give it a name."))
    if ArticleCategory.objects.child_of(above).filter(title=category.title).exclude(pk=category.pk).exists():
        raise KnowledgeError(_("A category of this name stands there already."))
