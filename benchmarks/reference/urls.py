from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from portal.accounts.models import User


@login_required
def people(request: HttpRequest) -> HttpResponse:
    return render(request, "people.html", {"people": User.objects.order_by("name_pinyin")[:20]})


urlpatterns = [path("reference/", people, name="people"), path("healthz", lambda request: HttpResponse("ok"))]
