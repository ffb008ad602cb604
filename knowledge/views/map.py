"""The front of the knowledge base: its map, what is new, what is to be reviewed, what was of use."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from knowledge.counting import read_front
from knowledge.keeping import keeps_something
from portal.access.decorators import employee_required


@require_GET
@employee_required
def knowledge_map(request: HttpRequest) -> HttpResponse:
    front = read_front(request.user)
    context = {
        "map": front.map,
        "newest": front.newest,
        "due": front.due,
        "useful": front.useful,
        "today": timezone.localdate(),
        "keeps": keeps_something(request.user),
    }
    return render(request, "knowledge/map.html", context)
