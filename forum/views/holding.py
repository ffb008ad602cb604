"""What is kept back because of its words: the list of words, and what moderators decide."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.forms import HeldForm, WordsForm
from forum.models import Board, HeldPost
from forum.policies import moderates
from forum.services.holding import decide_on_held, set_held_words
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.attachments.queries import shown_on
from portal.foundation.form_pages import FormPage

HELD = HeldPost.objects.select_related("board__audience", "board__duty", "thread", "author", "decided_by", "post")


@method_decorator(employee_required, name="dispatch")
class BoardWords(FormPage):
    form_class = WordsForm
    heading = gettext_lazy("Words to look at first")
    submit = gettext_lazy("Save")
    note = gettext_lazy("A post with one of these words is kept back; its writer is told, and a moderator lets it through or not.")

    def load(self, request: HttpRequest, **kwargs: Any) -> Board:
        return get_permitted(Board, user=request.user, action="moderate", rows=Board.objects.select_related("audience", "duty"), pk=kwargs["pk"])

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Forum"), reverse("forum:front")), (self.subject.label, self.back_url())]

    def initial(self) -> dict[str, Any]:
        return {"words": self.subject.held_words}

    def back_url(self) -> str:
        return self.subject.get_absolute_url()

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_held_words(actor=request.user, board=self.subject, **values)
        return _("The words were saved.")


@method_decorator(employee_required, name="dispatch")
class HeldPostPage(FormPage):
    """For whoever wrote it to see that it waits, for moderators to decide."""

    form_class = HeldForm
    template_name = "forum/held_post.html"
    submit = gettext_lazy("Decide")

    def load(self, request: HttpRequest, **kwargs: Any) -> HeldPost:
        return get_permitted(HeldPost, user=request.user, action="view" if request.method in {"GET", "HEAD"} else "decide", rows=HELD, pk=kwargs["pk"])

    def get_heading(self) -> Any:
        return self.subject.label

    def crumbs(self) -> list[tuple[str, str]]:
        board = self.subject.board
        crumbs = [(_("Forum"), reverse("forum:front")), (board.label, board.get_absolute_url())]
        return [*crumbs, (_("Held posts"), reverse("forum:held_list"))] if moderates(self.request.user, board) else crumbs

    def back_url(self) -> str:
        return reverse("forum:held_list")

    def more_context(self) -> dict[str, Any]:
        held = self.subject
        return {"held": held, "may_decide": held.is_open and can(self.request.user, "decide", held), "files": shown_on(held)}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        is_released = values["decision"] == "release"
        decide_on_held(actor=request.user, held=self.subject, is_released=is_released, answer=values["reason"])
        return _("The post stands in its place now.") if is_released else _("The post is not let through.")
