"""What a department does with suggestions, and closing a topic."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bulletin.forms.topics import AdoptionForm, ClosingForm, DoneForm
from bulletin.models import Adoption, Notice
from bulletin.services.topics import adopt_suggestion, close_topic, note_done, withdraw_adoption
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.discussion.models import Comment
from portal.foundation.errors import PortalError


@require_http_methods(["GET", "POST"])
@employee_required
def suggestion_adoption(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a suggestion up, or change what will be done."""
    comment, topic = _suggestion(request, pk)
    adoption = Adoption.objects.filter(comment=comment).first()
    if request.method == "GET" and (comment.is_removed or topic.topic_closed_at is not None):
        return redirect(_place(comment))
    initial = {"what_will_be_done": adoption.what_will_be_done, "due_on": adoption.due_on} if adoption is not None else {}
    form = AdoptionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _does(form, lambda: adopt_suggestion(comment, **form.cleaned_data, actor=request.user)):
        messages.success(request, _("Adopted. Who made the suggestion and who supports it are told.") if adoption is None else _("Saved."))
        return redirect(_place(comment))
    context = {"topic": topic, "comment": comment, "adoption": adoption, "form": form}
    return render(request, "bulletin/adoption_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@employee_required
def suggestion_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an adoption back."""
    comment, _topic = _suggestion(request, pk)
    try:
        withdraw_adoption(_adoption(comment), actor=request.user)
    except PortalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back."))
    return redirect(_place(comment))


@require_http_methods(["GET", "POST"])
@employee_required
def suggestion_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was done about an adopted suggestion."""
    comment, topic = _suggestion(request, pk)
    adoption = _adoption(comment)
    form = DoneForm(request.POST if request.method == "POST" else None, initial={"what_was_done": adoption.what_was_done})
    if form.is_valid() and _does(form, lambda: note_done(adoption, what_was_done=form.cleaned_data["what_was_done"], actor=request.user)):
        messages.success(request, _("Saved."))
        return redirect(topic) if topic.topic_closed_at else redirect(_place(comment))
    context = {"topic": topic, "comment": comment, "adoption": adoption, "form": form}
    return render(request, "bulletin/adoption_done.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@employee_required
def topic_closing(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a topic with a summary."""
    topic = get_permitted(Notice, user=request.user, action="close", rows=Notice.objects.select_related("department"), pk=pk)
    if request.method == "GET" and topic.topic_closed_at is not None:
        return redirect(topic)
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _does(form, lambda: close_topic(topic, summary=form.cleaned_data["summary"], actor=request.user)):
        messages.success(request, _("The topic is closed."))
        return redirect(topic)
    context = {"topic": topic, "form": form, "adoptions": Adoption.objects.filter(notice=topic).select_related("comment__author")}
    return render(request, "bulletin/topic_closing.html", context, status=422 if form.is_bound else 200)


def _suggestion(request: HttpRequest, pk: int) -> tuple[Comment, Notice]:
    """A suggestion that this person sees, on a topic that they may close."""
    comment = get_permitted(Comment, user=request.user, rows=Comment.objects.select_related("author", "discussion"), pk=pk)
    if not isinstance(comment.about, Notice):
        raise Http404
    return comment, get_permitted(Notice, user=request.user, action="close", rows=Notice.objects.select_related("department"), pk=comment.about.pk)


def _adoption(comment: Comment) -> Adoption:
    adoption = Adoption.objects.filter(comment=comment).first()
    if adoption is None:
        raise Http404
    return adoption


def _does(form: forms.Form, act: Callable[[], Any]) -> bool:
    """Do it, or show why not on the form."""
    try:
        act()
    except PortalError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _place(comment: Comment) -> str:
    return reverse("discussion:comment_detail", args=[comment.pk])
