"""Photos: shown to whoever may see the card, kept by whoever keeps it."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.accounts.models import User
from portal.directory.forms import PhotoForm
from portal.directory.photos import photo_url
from portal.directory.views.people import PersonPage
from portal.organization.models import Profile
from portal.organization.services.photos import remove_photo, set_photo

A_YEAR = 365 * 24 * 3600


@require_GET
@employee_required
def person_photo(request: HttpRequest, pk: int, version: str) -> HttpResponseBase:
    """The picture. Its address changes with it, so a browser keeps it; on a shared machine it does not."""
    person = get_permitted(User, user=request.user, pk=pk)
    name = Profile.objects.filter(person=person).values_list("photo", flat=True).first() or ""
    if not name or photo_url(pk, name) != request.path:
        raise Http404
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/webp")
    response["X-Content-Type-Options"] = "nosniff"
    if not request.session.get("shared_machine"):
        response["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    return response


@method_decorator(employee_required, name="dispatch")
class PhotoUpdate(PersonPage):
    action = "edit"
    form_class = PhotoForm
    heading = gettext_lazy("Photo")
    submit = gettext_lazy("Save")
    note = gettext_lazy("Every employee can see it. It is cut to a square, and nothing but the picture is kept: no place, no camera.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_photo(self.subject, content=values["picture"].read(), actor=request.user)
        return _("The photo is saved.")


@require_POST
@employee_required
def photo_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the initials."""
    person = get_permitted(User, user=request.user, action="edit", pk=pk)
    remove_photo(person, actor=request.user)
    messages.success(request, _("The photo is removed."))
    return redirect("organization:person_detail", pk=pk)
