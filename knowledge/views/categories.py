"""Keeping the tree of categories."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from knowledge.capabilities import MANAGE_KNOWLEDGE
from knowledge.forms.articles import CategoryForm
from knowledge.models import ArticleCategory
from knowledge.services.categories import change_category, create_category, delete_category
from knowledge.tree import read_tree
from portal.access.decorators import capability_required
from portal.access.policies import get_permitted
from portal.foundation.asking import read_number
from portal.foundation.form_pages import ActPage, FormPage

keepers_only = capability_required(MANAGE_KNOWLEDGE)


@require_safe
@keepers_only
def category_list(request: HttpRequest) -> HttpResponse:
    """The tree, with who keeps each category."""
    return render(request, "knowledge/category_list.html", {"tree": read_tree()})


class _CategoryPage(FormPage):
    form_class = CategoryForm
    submit = gettext_lazy("Save")

    def back_url(self) -> str:
        return reverse("knowledge:category_list")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Knowledge base"), reverse("knowledge:map")), (_("Categories"), self.back_url())]


@method_decorator(keepers_only, name="dispatch")
class CategoryCreate(_CategoryPage):
    heading = gettext_lazy("New category")
    is_new_thing = True

    def load(self, request: HttpRequest, **kwargs: Any) -> ArticleCategory | None:
        above = read_number(request.GET, "below")
        return get_permitted(ArticleCategory, user=request.user, pk=above) if above else None

    def get_heading(self) -> Any:
        return _("New category below %(category)s") % {"category": self.subject.label} if self.subject is not None else self.heading

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        made = create_category(actor=request.user, parent=self.subject, **values)
        return _("%(category)s stands in the tree now.") % {"category": made.label}


@method_decorator(keepers_only, name="dispatch")
class CategoryUpdate(_CategoryPage):
    heading = gettext_lazy("Change a category")

    def load(self, request: HttpRequest, **kwargs: Any) -> ArticleCategory:
        return get_permitted(ArticleCategory, user=request.user, action="change", pk=kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        category = self.subject
        return {"title": category.title, "name_en": category.name_en, "description": category.description, "keepers": category.keepers, "order": category.order}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_category(self.subject, actor=request.user, **values)
        return _("Saved.")


@method_decorator(keepers_only, name="dispatch")
class CategoryDeletion(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> ArticleCategory:
        return get_permitted(ArticleCategory, user=request.user, action="change", pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("knowledge:category_list")

    def act(self, request: HttpRequest) -> str:
        label = self.subject.label
        delete_category(self.subject, actor=request.user)
        return _("%(category)s is deleted.") % {"category": label}
