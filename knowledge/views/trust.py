"""What keeps articles true: reviews, suggested changes, whether they were of use; and what keepers do with them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from knowledge.errors import KnowledgeError
from knowledge.forms.articles import AssignForm, MoveForm, ReviewForm, SuggestionForm, WithdrawForm
from knowledge.models import Article, EditSuggestion, Usefulness, Verification
from knowledge.services.articles import assign_admission, move_article
from knowledge.services.feedback import answer_suggestion, say_usefulness, suggest_change
from knowledge.services.reviews import review_article
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.foundation.asking import read_number
from portal.foundation.form_pages import ActPage, FormPage
from portal.pages.services import retract_page

ROWS = ("category", "department", "owner_position")


class _OfArticle(FormPage):
    action = "view"
    subject: Article

    def load(self, request: HttpRequest, **kwargs: Any) -> Article:
        return get_permitted(Article, user=request.user, action=self.action, rows=Article.objects.select_related(*ROWS), pk=kwargs["pk"])

    def back_url(self) -> str:
        return self.subject.get_absolute_url()

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Knowledge base"), reverse("knowledge:map")), (self.subject.title, self.subject.get_absolute_url())]


@method_decorator(employee_required, name="dispatch")
class ArticleReview(_OfArticle):
    """Keep it, revise it or withdraw it."""

    action = "review"
    form_class = ReviewForm
    template_name = "knowledge/review_form.html"
    heading = gettext_lazy("Review")
    submit = gettext_lazy("Put on record")

    def initial(self) -> dict[str, Any]:
        return {"version": self.subject.version_number}

    def more_context(self) -> dict[str, Any]:
        return {"article": self.subject, "reviews": Verification.objects.filter(article=self.subject).select_related("person")[:10]}

    def back_url(self) -> str:
        revises = self.request.POST.get("outcome") == Verification.Outcome.REVISE
        return self.subject.writing_url if revises else self.subject.get_absolute_url()

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        done = review_article(self.subject, actor=request.user, outcome=values["outcome"], version_number=values["version"], note=values["note"])
        if done.outcome == Verification.Outcome.WITHDRAW:
            return _("It is withdrawn. Readers do not see it any more.")
        return _("On record. The next review is due on %(day)s.") % {"day": done.next_due_on}


@method_decorator(employee_required, name="dispatch")
class ArticleWithdrawal(_OfArticle):
    action = "retract"
    form_class = WithdrawForm
    heading = gettext_lazy("Withdraw the article")
    submit = gettext_lazy("Withdraw")
    is_dangerous = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        retract_page(self.subject, reason=values["reason"], actor=request.user)
        return _("It is withdrawn. Readers do not see it any more.")


@method_decorator(employee_required, name="dispatch")
class ArticleMove(_OfArticle):
    action = "move"
    form_class = MoveForm
    heading = gettext_lazy("Put into another category")
    submit = gettext_lazy("Put there")

    def initial(self) -> dict[str, Any]:
        return {"category": self.subject.category_id}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        move_article(self.subject, values["category"], actor=request.user)
        return _("It stands in %(category)s now; its address is the same.") % {"category": values["category"].label}


@method_decorator(employee_required, name="dispatch")
class ArticleAssignment(_OfArticle):
    """Hand the admission to somebody who knows the subject."""

    action = "assign"
    form_class = AssignForm
    heading = gettext_lazy("Hand the admission to somebody")
    submit = gettext_lazy("Hand over")

    def back_url(self) -> str:
        return self.subject.decision_url

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        assign_admission(self.subject, values["person"], actor=request.user)
        return _("%(person)s has been asked to decide.") % {"person": values["person"].name}


@method_decorator(employee_required, name="dispatch")
class SuggestionCreate(_OfArticle):
    """Suggest a change to a passage."""

    action = "suggest"
    form_class = SuggestionForm
    heading = gettext_lazy("Suggest a change")
    submit = gettext_lazy("Send")
    is_new_thing = True

    def initial(self) -> dict[str, Any]:
        return {name: self.request.GET.get(name, "")[:600] for name in ("quoted", "anchor")}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        suggest_change(self.subject, actor=request.user, text=values["text"], quoted=values["quoted"], anchor=values["anchor"])
        return _("Those who answer for the article have your suggestion.")


@method_decorator(employee_required, name="dispatch")
class SuggestionAnswer(ActPage):
    """Take a suggestion up, or decline it."""

    subject: EditSuggestion

    def load(self, request: HttpRequest, **kwargs: Any) -> EditSuggestion:
        found = EditSuggestion.objects.select_related("article").filter(pk=kwargs["pk"]).first()
        article = get_permitted(Article, user=request.user, action="answer", pk=found.article_id if found is not None else 0)
        assert found is not None
        found.article = article
        return found

    def back_url(self) -> str:
        taken = self.request.POST.get("action") == "take"
        return self.subject.article.writing_url if taken else f"{self.subject.article.get_absolute_url()}#suggestions"

    def act(self, request: HttpRequest) -> str:
        is_taken = request.POST.get("action") == "take"
        answer_suggestion(self.subject, actor=request.user, is_taken=is_taken, answer=request.POST.get("answer", ""))
        return _("Taken up. Change the text here; it is admitted anew.") if is_taken else _("Declined; whoever suggested it has your answer.")


@require_POST
@employee_required
def article_usefulness(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether it was of use; the part of the page is drawn anew."""
    article = get_permitted(Article, user=request.user, action="rate", pk=pk)
    said: Usefulness | None = None
    try:
        said = say_usefulness(
            article,
            actor=request.user,
            is_useful=request.POST.get("useful") == "yes",
            version_number=read_number(request.POST, "version"),
            reason=request.POST.get("reason", ""),
        )
    except KnowledgeError as refusal:
        messages.error(request, str(refusal))
    if "HX-Request" not in request.headers:
        return redirect(article)
    return render(request, "knowledge/_usefulness.html", {"article": article, "said": said}, status=200 if said is not None else 422)
