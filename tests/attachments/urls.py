"""The portal with two pages more: a paper with its files, and the form that hangs them there."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import RequestContext, Template
from django.urls import path

from portal.access.policies import get_permitted
from portal.attachments.forms import AttachmentsField
from portal.attachments.queries import shown_on
from portal.attachments.services import hang_files
from portal.config.urls import urlpatterns as portal_urlpatterns
from tests.papers.models import Paper

HEAD = '{% extends "layouts/page.html" %}{% load attachments %}{% block heading %}{{ paper.title }}{% endblock %}{% block content %}'
DETAIL = Template(HEAD + "{% attachment_list files %}{% attachment_previews files %}{% endblock %}")
UPDATE = Template(
    HEAD + '<form method="post" enctype="multipart/form-data" class="stack" novalidate>{% csrf_token %}{% render_form form %}'
    '<button class="button primary">Save</button></form>{% endblock %}'
)


class PaperForm(forms.Form):
    title = forms.CharField(label="Title")
    files = AttachmentsField()


@login_required
def paper_files(request: Any, pk: int) -> HttpResponse:
    paper = get_permitted(Paper, user=request.user, pk=pk)
    return HttpResponse(DETAIL.render(RequestContext(request, {"paper": paper, "files": shown_on(paper)})))


@login_required
def paper_update(request: Any, pk: int) -> HttpResponse:
    paper = get_permitted(Paper, user=request.user, pk=pk)
    initial = {"title": paper.title, "files": [row.pk for row in shown_on(paper)]}
    form = PaperForm(request.POST or None, request.FILES or None, initial=initial)
    form.fields["files"].belongs_to(request.user, paper)
    if request.method == "POST" and form.is_valid():
        hang_files(actor=request.user, about=paper, shown=form.cleaned_data["files"])
        return redirect(f"/papers/{pk}/files/")
    return HttpResponse(UPDATE.render(RequestContext(request, {"paper": paper, "form": form})), status=422 if request.method == "POST" else 200)


urlpatterns = [
    path("papers/<int:pk>/files/", paper_files, name="paper_files"),
    path("papers/<int:pk>/files/change/", paper_update, name="paper_files_update"),
    *portal_urlpatterns,
]
handler500 = "portal.runtime.outages.answer_failure"
