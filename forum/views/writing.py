"""Writing: a thread, a reply, an edit; taking back, support, bookmarks."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from forum.errors import HeldWordsError
from forum.forms import MaskForm, PostForm, ThreadForm, files_on
from forum.mentions import mentioned_in, offered
from forum.models import Board, HeldPost, Post, Thread
from forum.services.drafts import draft_of, save_draft
from forum.services.holding import hold_post
from forum.services.masked import withdraw_masked
from forum.services.posts import edit_post, post_reply, set_bookmark, set_support, start_thread, withdraw_post
from forum.threads import read_page
from forum.views import masked
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.discussion.mentions import sentences_on
from portal.foundation.asking import read_number, read_words
from portal.foundation.errors import PortalError
from portal.foundation.form_pages import ActPage, FormPage
from portal.foundation.once import FIELD, do_once, key_in, new_key

KEPT_BACK = gettext_lazy("The moderators look at your post first, because of a word in it. You will be told; what you wrote is kept here.")
POSTS = Post.objects.select_related("thread__board__audience", "thread__board__duty", "thread__audience", "author")


@method_decorator(employee_required, name="dispatch")
class ThreadCreate(FormPage):
    form_class = ThreadForm
    heading = gettext_lazy("New thread")
    submit = gettext_lazy("Post")
    is_new_thing = True
    template_name = "forum/thread_form.html"
    made: Thread | HeldPost | None = None
    mask_form: MaskForm | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> Board:
        return get_permitted(Board, user=request.user, action="post", pk=kwargs["pk"])

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.request.user, "board": self.subject}

    def initial(self) -> dict[str, Any]:
        kept = draft_of(self.request.user, self.subject)
        return {"title": kept.title, "body": kept.body} if kept is not None else {}

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Forum"), reverse("forum:front")), (self.subject.label, self.subject.get_absolute_url())]

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        try:
            self.made = start_thread(actor=request.user, board=self.subject, **values)
        except HeldWordsError:
            self.made = hold_post(actor=request.user, board=self.subject, thread=None, **values)
            return str(KEPT_BACK)
        _tell_unreached(request, values["body"], self.made)
        return _("Your thread stands on the board.")

    def back_url(self) -> str:
        return (self.made or self.subject).get_absolute_url()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not masked.is_masked(request):
            return super().post(request, **kwargs)
        self.mask_form = masked.send(request, self.subject, None, None)
        if self.mask_form is None:
            return redirect(self.subject)
        return self.page(request, self.form_class(**self.form_arguments()), status=422)

    def more_context(self) -> dict[str, Any]:
        return {"board": self.subject, **masked.composer(self.request, self.subject, None, self.mask_form)}


@require_POST
@employee_required
def reply_draft(request: Any, pk: int) -> HttpResponse:
    """What is being written, after a pause in typing."""
    rows = Thread.objects.select_related("board__audience", "board__duty", "audience", "author")
    thread = get_permitted(Thread, user=request.user, action="reply", rows=rows, pk=pk)
    return _kept(save_draft(actor=request.user, board=thread.board, thread=thread, body=request.POST.get("body", "")))


@require_POST
@employee_required
def thread_draft(request: Any, pk: int) -> HttpResponse:
    board = get_permitted(Board, user=request.user, action="post", rows=Board.objects.select_related("audience", "duty"), pk=pk)
    return _kept(save_draft(actor=request.user, board=board, thread=None, title=request.POST.get("title", ""), body=request.POST.get("body", "")))


def _kept(is_kept: bool) -> HttpResponse:
    return HttpResponse(_("Draft saved") if is_kept else "")


@require_GET
@employee_required
def people(request: Any, pk: int) -> HttpResponse:
    """Options for whom a text on this board can call, by what is typed after the @."""
    board = get_permitted(Board, user=request.user, rows=Board.objects.select_related("audience", "duty"), pk=pk)
    return render(request, "forum/_calls.html", {"people": offered(board, read_words(request.GET))})


@require_POST
@employee_required
def reply(request: Any, pk: int) -> HttpResponse:
    """A reply, sent once however often it arrives. What was refused stands in the form, with the reason."""
    rows = Thread.objects.select_related("board__audience", "board__duty", "audience", "author")
    thread = get_permitted(Thread, user=request.user, action="reply", rows=rows, pk=pk)
    number = read_number(request.POST, "quote")
    quoted = Post.objects.select_related("author").filter(thread=thread, number=number).first() if number else None
    if masked.is_masked(request):
        return _masked_reply(request, thread, quoted)
    form = PostForm(request.POST, request.FILES, actor=request.user, board=thread.board)
    if form.is_valid():
        values = form.cleaned_data
        try:
            sent = do_once(request, lambda: _post_or_hold(request, thread, quoted, values).get_absolute_url())
        except PortalError as error:
            form.add_error("body", str(error))
        else:
            return redirect(sent.answer)
    return _refused(request, thread, quoted, form, None)


def _post_or_hold(request: Any, thread: Thread, quoted: Post | None, values: dict[str, Any]) -> Post | HeldPost:
    try:
        made = post_reply(actor=request.user, thread=thread, quoted=quoted, **values)
    except HeldWordsError:
        messages.info(request, KEPT_BACK)
        return hold_post(actor=request.user, board=thread.board, thread=thread, quoted=quoted, **values)
    _tell_unreached(request, values["body"], thread)
    return made


def _masked_reply(request: Any, thread: Thread, quoted: Post | None) -> HttpResponse:
    """At the same address, and without a key that is kept: nothing may say that this person sent this."""
    form = masked.send(request, thread.board, thread, quoted)
    if form is None:
        return redirect(f"{thread.get_absolute_url()}?page={thread.page_count}")
    return _refused(request, thread, quoted, PostForm(actor=request.user, board=thread.board), form)


def _refused(request: Any, thread: Thread, quoted: Post | None, form: PostForm, mask_form: MaskForm | None) -> HttpResponse:
    """The last page of the thread, with what was typed and the reason."""
    thread.refresh_from_db(fields=["last_number", "cursor"])
    view = read_page(request.user, thread, thread.page_count)
    context = {"view": view, "thread": thread, "board": thread.board, "form": form, "quoted": quoted, "key_field": FIELD, "key": key_in(request) or new_key()}
    return render(request, "forum/thread.html", context | masked.composer(request, thread.board, thread, mask_form), status=422)


@method_decorator(employee_required, name="dispatch")
class PostUpdate(FormPage):
    heading = gettext_lazy("Edit the post")
    submit = gettext_lazy("Save")
    note = gettext_lazy("How it read before stays for whoever reads it.")

    def load(self, request: HttpRequest, **kwargs: Any) -> Post:
        return get_permitted(Post, user=request.user, action="change", rows=POSTS, pk=kwargs["pk"])

    @property
    def form_class(self) -> Any:  # type: ignore[override]  # the first post has the thread's title
        return ThreadForm if self.subject.number == 1 else PostForm

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.request.user, "board": self.subject.thread.board, "post": self.subject}

    def initial(self) -> dict[str, Any]:
        return {"title": self.subject.thread.title, "body": self.subject.body, "file_ids": files_on(self.subject)}

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Forum"), reverse("forum:front")), (self.subject.thread.title, self.back_url())]

    def back_url(self) -> str:
        return self.subject.get_absolute_url()

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        edit_post(actor=request.user, post=self.subject, **values)
        _tell_unreached(request, values["body"], self.subject.thread)
        return _("Your post was changed.")


def _tell_unreached(request: HttpRequest, body: str, thread: Thread) -> None:
    for sentence in sentences_on(mentioned_in(body, thread)):
        messages.warning(request, sentence)


class _PostAct(ActPage):
    """A press of a button below a post."""

    action = "view"

    def load(self, request: HttpRequest, **kwargs: Any) -> Post:
        return get_permitted(Post, user=request.user, action=self.action, rows=POSTS, pk=kwargs["pk"])

    def back_url(self) -> str:
        return self.subject.get_absolute_url()


@method_decorator(employee_required, name="dispatch")
class PostWithdrawal(_PostAct):
    """Of an anonymous post, by whoever wears its mask."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Post:
        found = get_permitted(Post, user=request.user, rows=POSTS, pk=kwargs["pk"])
        return found if found.is_masked else get_permitted(Post, user=request.user, action="withdraw", rows=POSTS, pk=kwargs["pk"])

    def act(self, request: HttpRequest) -> str:
        if self.subject.is_masked:
            at = withdraw_masked(actor=request.user, post=self.subject)
            return _("Your post will be taken back at about %(time)s.") % {"time": f"{timezone.localtime(at):%H:%M}"}
        withdraw_post(actor=request.user, post=self.subject)
        return _("Your post was taken back. Its place stays.")


@method_decorator(employee_required, name="dispatch")
class PostSupport(_PostAct):
    action = "support"

    def act(self, request: HttpRequest) -> str:
        is_wanted = request.POST.get("support") == "1"
        set_support(actor=request.user, post=self.subject, wanted=is_wanted)
        return _("You support this post.") if is_wanted else _("You support this post no more.")


@method_decorator(employee_required, name="dispatch")
class PostBookmark(_PostAct):
    def act(self, request: HttpRequest) -> str:
        is_wanted = request.POST.get("bookmark") == "1"
        set_bookmark(actor=request.user, post=self.subject, wanted=is_wanted)
        return _("The post is among your bookmarks.") if is_wanted else _("The bookmark was removed.")
