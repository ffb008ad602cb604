"""What moderators do, and what readers report to them."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.forms import DecisionForm, MoveForm, MuteForm, ReasonForm
from forum.models import Board, Case, Post, Thread
from forum.policies import OF_ALL_BOARDS
from forum.services.moderation import close_case, hide_post, move_thread, report_post, restore_post, set_closed, set_pinned, set_shown
from forum.services.muting import mute_author
from forum.views.writing import POSTS
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted, visible_to
from portal.access.standings import standing_of
from portal.foundation.form_pages import ActPage, FormPage

THREADS = Thread.objects.select_related("board__audience", "board__duty", "audience", "author")


class _ReasonPage(FormPage):
    """A reason for one post."""

    form_class = ReasonForm
    template_name = "forum/reason_form.html"
    action: ClassVar[str]

    def load(self, request: HttpRequest, **kwargs: Any) -> Post:
        return get_permitted(Post, user=request.user, action=self.action, rows=POSTS, pk=kwargs["pk"])

    def crumbs(self) -> list[tuple[str, str]]:
        thread = self.subject.thread
        return [(_("Forum"), reverse("forum:front")), (thread.board.label, thread.board.get_absolute_url()), (thread.title, self.back_url())]

    def back_url(self) -> str:
        return self.subject.get_absolute_url()

    def more_context(self) -> dict[str, Any]:
        return {"post": self.subject}


@method_decorator(employee_required, name="dispatch")
class PostHiding(_ReasonPage):
    action = "hide"
    heading = gettext_lazy("Hide the post")
    submit = gettext_lazy("Hide")
    note = gettext_lazy("Its place stays, its words go from every open page. The reason is told to its author, stands in its place, and goes on record.")
    is_dangerous = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        hide_post(actor=request.user, post=self.subject, **values)
        return _("The post is hidden.")


@method_decorator(employee_required, name="dispatch")
class PostRestoring(_ReasonPage):
    action = "restore"
    heading = gettext_lazy("Show the post again")
    submit = gettext_lazy("Show again")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        restore_post(actor=request.user, post=self.subject, **values)
        return _("The post is shown again.")


@method_decorator(employee_required, name="dispatch")
class PostReport(_ReasonPage):
    action = "report"
    heading = gettext_lazy("Report the post")
    submit = gettext_lazy("Report")
    note = gettext_lazy("The moderators of the board look at it and answer you. Its author does not learn who reported it.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        report_post(actor=request.user, post=self.subject, **values)
        return _("The moderators know. You will be told what they decide.")


@method_decorator(employee_required, name="dispatch")
class PostMuting(FormPage):
    """Mute who wrote a post: by name, or whoever wears its mask."""

    form_class = MuteForm
    template_name = "forum/reason_form.html"
    heading = gettext_lazy("Mute the author")
    submit = gettext_lazy("Mute")
    is_dangerous = True

    def load(self, request: HttpRequest, **kwargs: Any) -> Post:
        found = get_permitted(Post, user=request.user, rows=POSTS, pk=kwargs["pk"])
        get_permitted(Thread, user=request.user, action="moderate", rows=THREADS, pk=found.thread_id)
        return found

    @property
    def note(self) -> Any:  # type: ignore[override]  # by how it was written
        if self.subject.is_masked:
            return _(
                "Whoever wears this mask posts nothing anonymously until then, on no board. Nobody learns who that is, and under their name they still write."
            )
        return _("They write nothing on this board until then. The reason is told to them, and goes on record.")

    def form_arguments(self) -> dict[str, Any]:
        return {"asks_where": not self.subject.is_masked and OF_ALL_BOARDS in standing_of(self.request.user).token_set}

    def back_url(self) -> str:
        return self.subject.get_absolute_url()

    def more_context(self) -> dict[str, Any]:
        return {"post": self.subject}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        mute = mute_author(actor=request.user, post=self.subject, **values)
        return _("Muted until %(until)s.") % {"until": f"{timezone.localtime(mute.until):%Y-%m-%d}"}


class _ThreadAct(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Thread:
        return get_permitted(Thread, user=request.user, action="moderate", rows=THREADS, pk=kwargs["pk"])

    def back_url(self) -> str:
        return self.subject.get_absolute_url()


@method_decorator(employee_required, name="dispatch")
class ThreadClosing(_ThreadAct):
    """`closed=1` closes, anything else opens again."""

    def act(self, request: HttpRequest) -> str:
        is_wanted = request.POST.get("closed") == "1"
        set_closed(actor=request.user, thread=self.subject, wanted=is_wanted)
        return _("The thread is closed.") if is_wanted else _("The thread is open again.")


@method_decorator(employee_required, name="dispatch")
class ThreadPinning(_ThreadAct):
    """`pinned=1` pins, anything else takes that back."""

    def act(self, request: HttpRequest) -> str:
        is_wanted = request.POST.get("pinned") == "1"
        set_pinned(actor=request.user, thread=self.subject, wanted=is_wanted)
        return _("The thread stands on top of its board.") if is_wanted else _("The thread stands on top no more.")


class _ThreadPage(FormPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Thread:
        return get_permitted(Thread, user=request.user, action="moderate", rows=THREADS, pk=kwargs["pk"])

    def crumbs(self) -> list[tuple[str, str]]:
        board = self.subject.board
        return [(_("Forum"), reverse("forum:front")), (board.label, board.get_absolute_url()), (self.subject.title, self.subject.get_absolute_url())]

    def back_url(self) -> str:
        return self.subject.get_absolute_url()


@method_decorator(employee_required, name="dispatch")
class ThreadMove(_ThreadPage):
    form_class = MoveForm
    heading = gettext_lazy("Move the thread")
    submit = gettext_lazy("Move")
    note = gettext_lazy("From this moment on it is for the readers of the other board, and for nobody else.")

    def form_arguments(self) -> dict[str, Any]:
        boards = visible_to(Board, self.request.user, Board.objects.filter(archived_at__isnull=True)).exclude(pk=self.subject.board_id)
        return {"boards": boards}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        moved = move_thread(actor=request.user, thread=self.subject, **values)
        return _("The thread was moved to %(board)s.") % {"board": moved.board.label}


@method_decorator(employee_required, name="dispatch")
class ThreadHiding(_ThreadPage):
    """Hides a whole thread, or shows it again."""

    form_class = ReasonForm
    is_dangerous = True

    def get_heading(self) -> Any:
        return _("Hide the thread") if self.subject.is_shown else _("Show the thread again")

    @property
    def submit(self) -> Any:  # type: ignore[override]  # by the state of the thread
        return _("Hide") if self.subject.is_shown else _("Show again")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        is_wanted = not self.subject.is_shown
        set_shown(actor=request.user, thread=self.subject, wanted=is_wanted, **values)
        return _("The thread is shown again.") if is_wanted else _("The thread is hidden from everybody but the moderators.")


@method_decorator(employee_required, name="dispatch")
class CaseDecision(FormPage):
    form_class = DecisionForm
    template_name = "forum/case.html"
    heading = gettext_lazy("Reported post")
    submit = gettext_lazy("Decide")
    note = gettext_lazy("The reason is told to those who reported it, and to the author where the post is hidden.")

    def load(self, request: HttpRequest, **kwargs: Any) -> Case:
        rows = Case.objects.select_related("post__thread__board__duty", "post__thread__board__audience", "post__author", "closed_by")
        return get_permitted(Case, user=request.user, action="view" if request.method in {"GET", "HEAD"} else "decide", rows=rows, pk=kwargs["pk"])

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Forum"), reverse("forum:front")), (_("Reported posts"), self.back_url())]

    def back_url(self) -> str:
        return reverse("forum:case_list")

    def more_context(self) -> dict[str, Any]:
        return {"case": self.subject, "post": self.subject.post, "reports": self.subject.reports.select_related("person").order_by("pk")}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        close_case(actor=request.user, case=self.subject, is_upheld=values["decision"] == "hide", answer=values["reason"])
        return _("The case is closed.")
