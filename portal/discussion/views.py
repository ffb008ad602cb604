"""Discussions over HTTP: whole pages without scripts, the same parts with them. Every address asks the policy of the thing first."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from portal.access.policies import get_permitted
from portal.discussion.errors import TooManyCommentsError
from portal.discussion.forms import CommentForm, RemovalForm
from portal.discussion.models import Comment
from portal.discussion.registry import discussable_for, discussable_of_type
from portal.discussion.services import edit_comment, follow, post_comment, remove_comment, toggle_support, unfollow
from portal.discussion.threads import read_arrivals, read_comment, read_replies, read_thread
from portal.foundation.asking import read_number
from portal.foundation.errors import PortalError

POSTED = "discussion:posted"
TOO_MANY = 429
UNPROCESSABLE = 422
GONE = 410
AnyView = Callable[..., HttpResponseBase]


@require_GET
@login_required
def thread(request: Any, type_id: int, object_id: int) -> HttpResponse:
    """A page of the discussion for a script; for a person the page of the thing, at its discussion."""
    about = _thing(request, type_id, object_id)
    if not _is_part(request):
        return HttpResponseRedirect(f"{discussable_for(type(about)).url(about)}#discussion")
    return render(request, "discussion/_discussion.html", {"thread": read_thread(request.user, about, request.GET), "form": CommentForm()})


@require_GET
@login_required
def arrivals(request: Any, type_id: int, object_id: int) -> HttpResponse:
    """What came since the cursor `since`, for an open page that was rung."""
    about = _thing(request, type_id, object_id)
    found = read_arrivals(request.user, about, read_number(request.GET, "since"))
    return render(request, "discussion/_arrivals.html", {"arrivals": found, "thread": found.thread})


def says_what_ended(view: AnyView) -> AnyView:
    """Who writes below what was taken away meanwhile is told so, and keeps what they typed; whoever had not opened it finds nothing."""

    @wraps(view)
    def answering(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            sentence = _what_ended(request.user, **kwargs)
            if not sentence:
                raise
        if _is_part(request):
            return HttpResponse(sentence, status=GONE, content_type="text/plain; charset=utf-8")
        return render(request, "discussion/ended.html", {"sentence": sentence, "typed": request.POST.get("body", "")}, status=GONE)

    return answering


@require_POST
@login_required
@says_what_ended
def comment_create(request: Any, type_id: int, object_id: int) -> HttpResponse:
    about = _thing(request, type_id, object_id)
    form = CommentForm(request.POST)
    try:
        comment = post_comment(actor=request.user, about=about, body=_typed(form))
    except PortalError as error:
        form.add_error("body", str(error))
        context = {"thread": read_thread(request.user, about, {}), "form": form}
        template = "discussion/_composer.html" if _is_part(request) else "discussion/comment_form.html"
        return render(request, template, _page_context(about) | context, status=_status(request, error))
    if _is_part(request):
        context = {"thread": read_thread(request.user, about, {}), "form": CommentForm()}
        answer = render(request, "discussion/_composer.html", context)
        answer["HX-Trigger"] = POSTED
        return answer
    return redirect(_place(comment))


@require_POST
@login_required
def following(request: Any, type_id: int, object_id: int) -> HttpResponse:
    """`follow=1` to follow, anything else to stop."""
    about = _thing(request, type_id, object_id)
    is_wanted = request.POST.get("follow") == "1"
    (follow if is_wanted else unfollow)(actor=request.user, about=about)
    if _is_part(request):
        return render(request, "discussion/_following.html", {"thread": read_thread(request.user, about, {})})
    return HttpResponseRedirect(f"{discussable_for(type(about)).url(about)}#discussion")


@require_GET
@login_required
def comment_detail(request: Any, pk: int) -> HttpResponse:
    """Where a comment stands: the page of its thing; for a script the comment itself."""
    comment = _comment(request, pk)
    if _is_part(request):
        return render(request, "discussion/_comment.html", {"shown": read_comment(request.user, comment), "about": comment.about})
    return redirect(_place(comment))


@require_GET
@login_required
def reply_list(request: Any, pk: int) -> HttpResponse:
    """All replies to one comment, oldest first."""
    comment = _comment(request, pk)
    page = read_replies(request.user, comment, request.GET.get("page"))
    context = {"root": read_comment(request.user, comment), "page": page, "replies": page.object_list}
    template = "discussion/_replies.html" if _is_part(request) else "discussion/reply_list.html"
    return render(request, template, _page_context(comment.about) | context)


@require_POST
@login_required
@says_what_ended
def comment_support(request: Any, pk: int) -> HttpResponse:
    """`support=1` or `support=0`, so that pressing twice says it once."""
    comment = _comment(request, pk, "support")
    wanted = {"1": True, "0": False}.get(request.POST.get("support", ""))
    toggle_support(actor=request.user, comment=comment, wanted=wanted)
    if _is_part(request):
        return render(request, "discussion/_support.html", {"shown": read_comment(request.user, comment)})
    return redirect(_place(comment))


@method_decorator([login_required, says_what_ended], name="dispatch")
class CommentAct(ABC, View):
    """A form about one comment: a page of its own, or a part in the place of the comment."""

    action: str
    heading: str | Promise
    part: str
    form_class: type[forms.Form]

    def get(self, request: Any, pk: int) -> HttpResponse:
        comment = _comment(request, pk, self.action)
        return self._show(request, comment, self.form_class(initial=self.initial(comment)))

    def post(self, request: Any, pk: int) -> HttpResponse:
        comment = _comment(request, pk, self.action)
        form = self.form_class(request.POST)
        try:
            written = self.save(request, comment, form)
        except PortalError as error:
            form.add_error(next(iter(form.fields)), str(error))
            return self._show(request, comment, form, _status(request, error))
        if not _is_part(request):
            return redirect(_place(written))
        return self.answer(request, written)

    def initial(self, comment: Comment) -> dict[str, Any]:
        return {}

    @abstractmethod
    def save(self, request: Any, comment: Comment, form: forms.Form) -> Comment:
        """The service; returns the comment as it is now."""

    def answer(self, request: Any, written: Comment) -> HttpResponse:
        return render(request, "discussion/_comment.html", {"shown": read_comment(request.user, written), "about": written.about})

    def _show(self, request: Any, comment: Comment, form: forms.Form, status: int = 200) -> HttpResponse:
        is_part = _is_part(request)
        context = _page_context(comment.about) | {"comment": comment, "form": form, "part": self.part, "heading": self.heading}
        return render(request, self.part if is_part else "discussion/comment_act.html", context, status=status)


class ReplyCreate(CommentAct):
    action = "reply"
    heading = gettext_lazy("Reply")
    part = "discussion/_reply_form.html"
    form_class = CommentForm

    def save(self, request: Any, comment: Comment, form: forms.Form) -> Comment:
        return post_comment(actor=request.user, about=comment.about, body=_typed(form), parent=comment)

    def answer(self, request: Any, written: Comment) -> HttpResponse:
        return HttpResponse(headers={"HX-Trigger": POSTED})


class CommentUpdate(CommentAct):
    action = "change"
    heading = gettext_lazy("Change a comment")
    part = "discussion/_change_form.html"
    form_class = CommentForm

    def initial(self, comment: Comment) -> dict[str, Any]:
        return {"body": comment.body}

    def save(self, request: Any, comment: Comment, form: forms.Form) -> Comment:
        return edit_comment(actor=request.user, comment=comment, body=_typed(form))


class CommentRemoval(CommentAct):
    action = "remove"
    heading = gettext_lazy("Take down a comment")
    part = "discussion/_removal_form.html"
    form_class = RemovalForm

    def save(self, request: Any, comment: Comment, form: forms.Form) -> Comment:
        removed = remove_comment(actor=request.user, comment=comment, reason=form.cleaned_data.get("reason", "") if form.is_valid() else "")
        if not _is_part(request):
            messages.success(request, _("The comment is removed."))
        return removed


def _thing(request: Any, type_id: int, object_id: int) -> Any:
    discussable = discussable_of_type(type_id)
    if discussable is None:
        raise Http404
    return get_permitted(discussable.model, user=request.user, pk=object_id)


def _what_ended(user: Any, *, type_id: int = 0, object_id: int = 0, pk: int = 0) -> str:
    if pk:
        found = Comment.objects.filter(pk=pk).values_list("discussion__about_type", "discussion__about_id").first()
        type_id, object_id = found or (0, 0)
    discussable = discussable_of_type(type_id)
    return discussable.ended(user, object_id) if discussable is not None else ""


def _comment(request: Any, pk: int, action: str = "view") -> Comment:
    rows = Comment.objects.select_related("author", "discussion")
    return get_permitted(Comment, user=request.user, action=action, rows=rows, pk=pk)


def _page_context(about: Any) -> dict[str, Any]:
    discussable = discussable_for(type(about))
    return {"about": about, "about_label": discussable.label(about), "about_url": discussable.url(about)}


def _place(comment: Comment) -> str:
    """The address of the page and the place on it where a comment stands."""
    address = discussable_for(type(comment.about)).url(comment.about)
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'comment': comment.pk})}#comment-{comment.pk}"


def _typed(form: forms.Form) -> str:
    return str(form.cleaned_data["body"]) if form.is_valid() else ""


def _status(request: Any, error: PortalError) -> int:
    """A script shows the form again at 422 only."""
    return TOO_MANY if isinstance(error, TooManyCommentsError) and not _is_part(request) else UNPROCESSABLE


def _is_part(request: Any) -> bool:
    """Whether a script asks, for a part of the page."""
    return request.headers.get("HX-Request") == "true"
