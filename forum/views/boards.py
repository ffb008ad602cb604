"""Keeping the boards."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from forum.capabilities import MANAGE
from forum.forms import BoardForm
from forum.models import Board
from forum.services.boards import WRITTEN, change_board, create_board, set_archived
from portal.access.decorators import capability_required
from portal.foundation.form_pages import ActPage, FormPage

keepers_only = capability_required(MANAGE)


@require_safe
@keepers_only
def board_list(request: HttpRequest) -> HttpResponse:
    """All boards, archived ones last; by a right that belongs to no single board, and without a word of what is said there."""
    boards = Board.objects.select_related("audience", "duty").order_by("archived_at", "order", "id")
    return render(request, "forum/board_list.html", {"boards": boards})


class _BoardPage(FormPage):
    form_class = BoardForm
    submit = gettext_lazy("Save")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Forum"), reverse("forum:front")), (_("Boards of the forum"), self.back_url())]

    def back_url(self) -> str:
        return reverse("forum:board_list")


@method_decorator(keepers_only, name="dispatch")
class BoardCreate(_BoardPage):
    heading = gettext_lazy("New board")
    is_new_thing = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        made = create_board(actor=request.user, rule=values.pop("audience"), **values)
        return _("The board %(board)s is open.") % {"board": made.label}


@method_decorator(keepers_only, name="dispatch")
class BoardUpdate(_BoardPage):
    heading = gettext_lazy("Change the board")

    def load(self, request: HttpRequest, **kwargs: Any) -> Board:
        return get_object_or_404(Board.objects.select_related("audience", "duty"), pk=kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        board = self.subject
        return {name: getattr(board, name) for name in ("name", "duty", *WRITTEN)} | {"audience": board.audience.rule}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_board(actor=request.user, board=self.subject, rule=values.pop("audience"), **values)
        return _("The board was changed.")


@method_decorator(keepers_only, name="dispatch")
class BoardArchiving(ActPage):
    """`archived=1` archives, anything else opens again."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Board:
        return get_object_or_404(Board, pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("forum:board_list")

    def act(self, request: HttpRequest) -> str:
        is_wanted = request.POST.get("archived") == "1"
        set_archived(actor=request.user, board=self.subject, wanted=is_wanted)
        return _("The board is archived.") if is_wanted else _("The board is open again.")
