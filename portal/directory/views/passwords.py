"""First passwords for those who have none, beside the roster that brought them in."""

from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from portal.access.capabilities import MANAGE_ORGANIZATION
from portal.access.decorators import capability_required
from portal.accounts.models import User
from portal.accounts.services import set_first_password
from portal.audit.services import record
from portal.directory.people import asked_department, place_label
from portal.foundation.spreadsheets import xlsx_response
from portal.organization.models import Department, Employment
from portal.organization.querysets import today

MOST_PASSWORDS = 100  # a hash takes some 50 ms on purpose, and the file is made while one waits


@require_POST
@never_cache
@sensitive_variables()
@capability_required(MANAGE_ORGANIZATION)
def password_sheet(request: HttpRequest) -> HttpResponseBase:
    """First passwords for those at work who have none, of one department or all, as a file that can be had only now. A large plant takes several."""
    department = asked_department(request.POST.get("department", ""))
    people = list(people_without_password(department).order_by("employee_number")[:MOST_PASSWORDS])
    posts = {
        post.person_id: post for post in Employment.objects.current().primary().filter(person__in=people).select_related("department__parent").order_by("pk")
    }
    with transaction.atomic():
        rows = []
        for person in people:
            place = place_label(posts[person.pk].department) if person.pk in posts else ""
            rows.append([person.employee_number, person.name, place, set_first_password(person, actor=request.user)])
        record(request.user, "passwords.issued", after={"people": len(rows)})
    headings = [_("Employee number"), _("Name"), _("Department"), _("First password")]
    heading = _("first passwords")
    response = xlsx_response(f"{heading} {today():%Y-%m-%d}", heading, headings, rows, widths=(14, 14, 24, 20))
    response["Cache-Control"] = "no-store"
    return response


def people_without_password(department: Department | None = None) -> Any:
    """Employees at work, of a department with those below it or of all, whose account was never given a password."""
    held = Employment.objects.current()
    if department is not None:
        held = held.filter(department__path__startswith=department.path)
    return User.objects.active().employees().filter(pk__in=held.values("person"), password__startswith=UNUSABLE_PASSWORD_PREFIX)
