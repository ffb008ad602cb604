"""The queue of what may be in the file twice."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.models import Pair
from crm.customers.models.portfolios import headed_token
from crm.customers.policies import KEEPERS_ONLY
from crm.customers.services.pairs import open_pairs, tell_apart
from portal.access.decorators import employee_required
from portal.access.policies import can
from portal.access.registry import has_capability
from portal.access.standings import standing_of
from portal.foundation.form_pages import ActPage

PER_PAGE = 30


def _may_tell(user: Any) -> bool:
    """Those who keep the file, and heads of departments that have portfolios."""
    return has_capability(user, KEEP_CUSTOMERS) or any(token.startswith(headed_token(0)[:-1]) for token in standing_of(user).tokens)


@require_safe
@employee_required
def pair_list(request: HttpRequest) -> HttpResponse:
    """Pairs that the night found, for those who may merge both."""
    if not _may_tell(request.user):
        raise PermissionDenied(KEEPERS_ONLY)
    page = Paginator(open_pairs(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "crumbs": [(_("Customers"), reverse("crm:customer_list"))]}
    return render(request, "crm/pair_list.html", context)


@method_decorator(employee_required, name="dispatch")
class PairApart(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Pair:
        pair = Pair.objects.select_related("one__portfolio", "other__portfolio").filter(pk=kwargs["pk"]).first()
        if pair is None or not all(can(request.user, "view", row) for row in (pair.one, pair.other)):
            raise Http404
        if not all(can(request.user, "merge", row) for row in (pair.one, pair.other)):
            raise PermissionDenied(KEEPERS_ONLY)
        return pair

    def back_url(self) -> str:
        return reverse("crm:pair_list")

    def act(self, request: HttpRequest) -> str:
        tell_apart(self.subject, actor=request.user)
        return _("%(one)s and %(other)s are two customers; nobody is asked again.") % {"one": self.subject.one.name, "other": self.subject.other.name}
