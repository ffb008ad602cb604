"""The pages on which the plant's calendar is kept, by those who keep the roster."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.access.capabilities import MANAGE_ORGANIZATION
from portal.access.decorators import capability_required
from portal.calendar.models import CalendarDay, WorkingHours
from portal.calendar.services import fill_year, set_day, set_hours
from portal.calendar.working_time import USUAL_HOURS
from portal.foundation.form_pages import Crumb, FormPage
from portal.foundation.moments import DayField
from portal.organization.querysets import today

keepers_only = method_decorator(capability_required(MANAGE_ORGANIZATION), name="dispatch")


class DayForm(forms.Form):
    day = DayField(label=gettext_lazy("Day"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CalendarDay.Kind.choices)
    name = forms.CharField(label=gettext_lazy("Occasion"), max_length=40, required=False)


class YearForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2004, max_value=2099)


class HoursForm(forms.Form):
    starts_on = DayField(label=gettext_lazy("First day"))
    spans = forms.CharField(label=gettext_lazy("Working hours"), max_length=120, help_text=gettext_lazy("Such as 08:00-12:00 13:30-17:30."))


class _CalendarPage(FormPage):
    submit = gettext_lazy("Save")

    def back_url(self) -> str:
        return reverse("administration:calendar")

    def crumbs(self) -> list[Crumb]:
        return [(_("Working calendar"), self.back_url())]


@keepers_only
class CalendarDaySet(_CalendarPage):
    """What one day is in the plant."""

    form_class = DayForm
    heading = gettext_lazy("Set a day")
    note = gettext_lazy("What is due is computed anew from that moment on.")

    def load(self, request: HttpRequest, **kwargs: Any) -> CalendarDay | None:
        return get_object_or_404(CalendarDay, pk=kwargs["pk"]) if "pk" in kwargs else None

    def initial(self) -> dict[str, Any]:
        row = self.subject
        return {"day": row.day, "kind": row.kind, "name": row.name} if row else {}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_day(values["day"], kind=values["kind"], name=values["name"], actor=request.user)
        return _("Saved.")


@keepers_only
class CalendarYearFill(_CalendarPage):
    """The public holidays and make-up days of a year."""

    form_class = YearForm
    heading = gettext_lazy("Fill a year")
    submit = gettext_lazy("Fill")
    note = gettext_lazy("Enters the public holidays and make-up days. Days that were set by hand stay.")

    def initial(self) -> dict[str, Any]:
        return {"year": today().year}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        count = fill_year(values["year"], actor=request.user)
        return ngettext("%(count)s day entered.", "%(count)s days entered.", count) % {"count": count}


@keepers_only
class CalendarHoursSet(_CalendarPage):
    """The hours of every working day from a day on."""

    form_class = HoursForm
    heading = gettext_lazy("Working hours")

    def initial(self) -> dict[str, Any]:
        held = WorkingHours.objects.filter(starts_on__lte=today()).last()
        return {"starts_on": today(), "spans": held.spans if held else USUAL_HOURS}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_hours(values["starts_on"], spans=values["spans"], actor=request.user)
        return _("Saved.")
