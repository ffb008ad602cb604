"""The portal with one page more, that of a paper."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from portal.access.policies import get_permitted
from portal.config.urls import urlpatterns as portal_urlpatterns
from tests.papers.models import Paper


@login_required
def paper_detail(request: Any, pk: int) -> HttpResponse:
    return render(request, "papers/paper_detail.html", {"paper": get_permitted(Paper, user=request.user, pk=pk)})


urlpatterns = [path("papers/<int:pk>/", paper_detail, name="paper_detail"), *portal_urlpatterns]
handler500 = "portal.runtime.outages.answer_failure"
