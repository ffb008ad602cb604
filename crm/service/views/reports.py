"""Reports in confidence."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.service.forms import AREA, customers_named
from crm.service.models import Report
from crm.service.models.requests import LONGEST
from crm.service.services.reports import close_report, make_report, take_report
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.attachments.forms import AttachmentsField
from portal.attachments.queries import shown_on
from portal.foundation.form_pages import ActPage, Crumb, FormPage


class ReportForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Report.Kind.choices)
    who = forms.CharField(
        label=gettext_lazy("Customer"), max_length=100, required=False, help_text=gettext_lazy("Number, name or pinyin of a customer that you may look up.")
    )
    place = forms.CharField(label=gettext_lazy("Where"), max_length=200, required=False)
    text = forms.CharField(label=gettext_lazy("What was seen"), max_length=LONGEST, widget=AREA)
    file_ids = AttachmentsField()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["file_ids"].belongs_to(user, None)  # type: ignore[attr-defined]
        self.fields["file_ids"].label = _("Photos or video")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        who, customer = values.pop("who", ""), None
        if who:
            found = customers_named(self.user, who)
            if len(found) == 1:
                customer = found[0]
            else:
                names = "、".join(f"{one.name} {one.code}" for one in found[:5])
                several = _("Several customers fit: %(names)s. Write the number.") % {"names": names}
                self.add_error("who", several if found else _("No customer that you may look up fits."))
        elif not values.get("place"):
            self.add_error("place", _("Say where, or whose it is."))
        return values | {"customer": customer}


class OutcomeForm(forms.Form):
    outcome = forms.CharField(label=pgettext_lazy("of a report", "What came of it"), max_length=1_000, widget=AREA)


def load_report(request: HttpRequest, pk: int, action: str = "view") -> Report:
    rows = Report.objects.select_related("customer__root__portfolio__department", "reporter", "handler")
    return get_permitted(Report, user=request.user, action=action, rows=rows, pk=pk)


def crumbs() -> list[Crumb]:
    return [(_("Confidential reports"), reverse("crm:report_list"))]


@require_safe
@employee_required
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    report = load_report(request, pk)
    customer = report.customer.root if report.customer is not None else None
    context = {
        "report": report,
        "customer": customer,
        "may_see_customer": customer is not None and can(request.user, "view", customer),
        "files": shown_on(report),
        "may_change": report.state != Report.State.CLOSED and can(request.user, "change", report),
        "crumbs": crumbs(),
    }
    return render(request, "crm/service/report_detail.html", context)


@method_decorator(employee_required, name="dispatch")
class ReportCreate(FormPage):
    form_class = ReportForm
    heading = gettext_lazy("Report in confidence")
    submit = gettext_lazy("Report")
    note = gettext_lazy("You read it, and those who were given such reports to read; nobody else does.")
    is_new_thing = True
    made: Report | None = None

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:report_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = make_report(actor=request.user, **values)
        return _("Reported as %(number)s.") % {"number": self.made.number}


@method_decorator(employee_required, name="dispatch")
class ReportTake(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Report:
        return load_report(request, kwargs["pk"], "change")

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def act(self, request: HttpRequest) -> str:
        take_report(self.subject, actor=request.user)
        return _("You have taken it up.")


@method_decorator(employee_required, name="dispatch")
class ReportClose(FormPage):
    form_class = OutcomeForm
    heading = pgettext_lazy("of a report", "What came of it")
    submit = pgettext_lazy("an objection", "Close")

    def load(self, request: HttpRequest, **kwargs: Any) -> Report:
        return load_report(request, kwargs["pk"], "change")

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.number, self.subject.get_absolute_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        close_report(self.subject, actor=request.user, **values)
        return _("Closed.")
