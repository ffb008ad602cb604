"""Rivals: a page each, with where and at which price they were seen."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from crm.catalogue.units import say_yuan
from crm.marketing.forms import FactForm, RivalForm, RivalProductForm
from crm.marketing.models import RivalMaker
from crm.marketing.policies import FOR_MARKETING, keeps_marketing
from crm.marketing.rival_lists import SightingList, rival_crumbs, seen_by
from crm.marketing.services.rivals import change_rival, note_fact, note_rival, note_rival_product
from crm.marketing.sightings import Seen, price_chart, seen_by_district, seen_by_product
from crm.sales.models import Opportunity
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted, visible_to
from portal.audit.services import record
from portal.foundation.asking import read_words
from portal.foundation.form_pages import Crumb, FormPage
from portal.foundation.moments import DayField
from portal.foundation.spreadsheets import table_response
from portal.lists.asked import Asked
from portal.lists.pages import ListPage
from portal.organization.querysets import today

MOST_NEW, MOST_FACTS = 12, 50
MOST_DAYS = 1_100  # three years


class RivalListPage(ListPage):
    """With whom visits have seen and nobody has taken up yet."""

    def context(self, asked: Asked, arranged: Any) -> dict[str, Any]:
        may_keep, unknown = keeps_marketing(self.request.user), []
        if may_keep:
            known = [name for maker in RivalMaker.objects.all() for name in maker.names]
            rows = seen_by(self.request.user).exclude(name__in=known).order_by("name")
            unknown = list(rows.values_list("name", flat=True).distinct()[:MOST_NEW])
        return super().context(asked, arranged) | {"may_keep": may_keep, "unknown": unknown}


class SeenForm(forms.Form):
    first = DayField(label=gettext_lazy("From"))
    last = DayField(label=gettext_lazy("To day"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day is before the first. Exchange them."))
        elif first and last and (last - first).days > MOST_DAYS:
            self.add_error("last", _("No more than three years at once."))
        return values


def load_rival(request: HttpRequest, pk: int, action: str = "view") -> RivalMaker:
    return get_permitted(RivalMaker, user=request.user, action=action, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def rival_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """`?first=`, `?last=`: half a year where the address says nothing. GET shows, POST takes the table away as a file."""
    rival, user = load_rival(request, pk), request.user
    usual = {"first": (today() - timedelta(days=182)).isoformat(), "last": today().isoformat()}
    form = SeenForm({key: request.GET.get(key) or value for key, value in usual.items()})
    context: dict[str, Any] = {"products": [], "districts": [], "chart": ""}
    if form.is_valid():
        days: tuple[date, date] = (form.cleaned_data["first"], form.cleaned_data["last"])
        products, districts = seen_by_product(rival, user, *days), seen_by_district(rival, user, *days)
        if request.method == "POST":
            record(user, "list.exported", after={"list": SightingList.code, "kind": "xlsx", "rows": len(products) + len(districts), "rival": rival.name})
            return _file(rival, products, districts)
        chart = price_chart(_("Mean price as seen, yuan"), rival, user, *days)
        context = {"products": [_said(one) for one in products], "districts": [_said(one) for one in districts], "chart": chart}
    against = visible_to(Opportunity, user).filter(rivals__name__in=rival.names)
    states = list(against.order_by().values_list("state", flat=True))
    context |= {
        "rival": rival,
        "form": form,
        "classes": rival.products.all(),
        "facts": rival.facts.select_related("product", "author")[:MOST_FACTS],
        "won": states.count("won"),
        "lost": states.count("lost"),
        "open": states.count("open"),
        "list": reverse("crm:sighting_list"),
        "may_change": can(user, "change", rival),
        "crumbs": rival_crumbs(),
    }
    return render(request, "crm/marketing/rival_detail.html", context, status=200 if form.is_valid() else 422)


def _said(one: Seen) -> tuple[Seen, str, str, str]:
    return one, *("" if value is None else say_yuan(value) for value in (one.mean, one.least, one.most))  # type: ignore[return-value]


def _file(rival: RivalMaker, products: list[Seen], districts: list[Seen]) -> HttpResponseBase:
    headings = [_("What"), _("Seen how often"), _("Mean price, yuan"), _("Lowest, yuan"), _("Highest, yuan")]
    cells: list[list[Any]] = []
    for one in [*products, *districts]:
        cells.append([one.label or _("none named"), one.number, *(None if value is None else value / 100 for value in (one.mean, one.least, one.most))])
    return table_response("xlsx", f"{rival.name}-{today():%Y%m%d}", rival.name, headings, cells)


@method_decorator(employee_required, name="dispatch")
class RivalCreate(FormPage):
    """`?name=` is whom a visit has seen."""

    form_class = RivalForm
    heading = gettext_lazy("Take up a rival")
    submit = pgettext_lazy("a rival", "Take up")
    is_new_thing = True
    made: RivalMaker | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        if not keeps_marketing(request.user):
            raise PermissionDenied(FOR_MARKETING)

    def initial(self) -> dict[str, Any]:
        return {"name": read_words(self.request.GET, "name")}

    def crumbs(self) -> list[Crumb]:
        return rival_crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:rival_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = note_rival(actor=request.user, **values)
        return _("Taken up.")


class OfRival(FormPage):
    action = "change"

    def load(self, request: HttpRequest, **kwargs: Any) -> RivalMaker:
        return load_rival(request, kwargs["pk"], self.action)

    def crumbs(self) -> list[Crumb]:
        return [*rival_crumbs(), (self.subject.name, self.back_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class RivalUpdate(OfRival):
    form_class = RivalForm
    heading = gettext_lazy("Change the rival")
    submit = gettext_lazy("Save")

    def initial(self) -> dict[str, Any]:
        return {"name": self.subject.name, "other_names": self.subject.names[1:], "region": self.subject.region}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_rival(self.subject, actor=request.user, **values)
        return _("Saved.")


@method_decorator(employee_required, name="dispatch")
class RivalProductCreate(OfRival):
    form_class = RivalProductForm
    heading = gettext_lazy("Note a product")
    submit = pgettext_lazy("verb", "Note")
    is_new_thing = True

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        note_rival_product(self.subject, actor=request.user, **values)
        return _("Noted.")


@method_decorator(employee_required, name="dispatch")
class FactCreate(OfRival):
    action = "add"
    form_class = FactForm
    heading = gettext_lazy("Note what is known")
    submit = pgettext_lazy("verb", "Note")
    note = gettext_lazy("It stays as it is written; what is new is noted besides.")
    is_new_thing = True

    def form_arguments(self) -> dict[str, Any]:
        return {"rival": self.subject}

    def initial(self) -> dict[str, Any]:
        return {"learnt_on": today()}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        note_fact(self.subject, actor=request.user, **values)
        return _("Noted.")
