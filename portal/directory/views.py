"""People and departments, for employees."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.access.decorators import employee_required


@employee_required
def person_list(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/person_list.html", {})
