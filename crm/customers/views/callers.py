"""The page that says who calls."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.customers.callers import Caller, callers
from crm.customers.policies import works_with_customers
from portal.access.decorators import employee_required
from portal.foundation.asking import read_words


@require_safe
@employee_required
def caller_list(request: HttpRequest) -> HttpResponse:
    """`?number=` as the telephone shows it. One customer alone is opened at once."""
    if not works_with_customers(request.user):
        raise PermissionDenied(_("The file of customers is for those who work with customers."))
    number, wrong, found = read_words(request.GET, "number"), "", list[Caller]()
    if number:
        try:
            found = callers(request.user, number)
        except ValueError as error:
            wrong = str(error)
    if len({one.customer.pk for one in found}) == 1:
        return redirect(found[0].customer)
    crumbs = [(_("Customers"), reverse("crm:customer_list"))]
    context = {"number": number, "wrong": wrong, "callers": found, "crumbs": crumbs}
    return render(request, "crm/caller_list.html", context, status=422 if wrong else 200)
