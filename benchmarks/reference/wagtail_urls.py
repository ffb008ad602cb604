from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from wagtail.models import Page


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Page, pk=pk).specific
    return render(request, "page.html", {"page": found, "parent": found.get_parent()})


urlpatterns = [path("wagtail/<int:pk>/", page, name="page")]
