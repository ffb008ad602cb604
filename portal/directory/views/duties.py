"""Keeping duties and who holds them."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policies import get_permitted
from portal.directory.forms import DayForm, DutyForm, HoldingForm
from portal.directory.views.keeping import keepers_only
from portal.foundation.form_pages import Crumb, FormPage
from portal.organization.models import Duty, DutyHolding
from portal.organization.querysets import today
from portal.organization.services.duties import FIELDS, end_holding, give_duty, save_duty


@keepers_only
class DutyEditing(FormPage):
    """Creating a duty, or changing one; below stands who holds it, held it and will hold it."""

    form_class = DutyForm
    template_name = "directory/duty_form.html"
    submit = gettext_lazy("Save")

    def load(self, request: HttpRequest, **kwargs: Any) -> Duty | None:
        return get_permitted(Duty, user=request.user, action="change", pk=kwargs["pk"]) if "pk" in kwargs else None

    def get_heading(self) -> str:
        return self.subject.label if self.subject else _("New duty")

    def initial(self) -> dict[str, Any]:
        if self.subject is None:
            return {}
        return {name: getattr(self.subject, name) for name in FIELDS} | {"departments": list(self.subject.departments.all())}

    def back_url(self) -> str:
        return reverse("organization:duty_list")

    def crumbs(self) -> list[Crumb]:
        return [(_("Duties"), self.back_url())]

    def more_context(self) -> dict[str, Any]:
        if self.subject is None:
            return {}
        return {"duty": self.subject, "holdings": self.subject.holdings.select_related("person"), "today": today()}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        save_duty(self.subject, actor=request.user, **values)
        return _("Saved.")


class _OfDuty(FormPage):
    duty: Duty

    def back_url(self) -> str:
        return reverse("organization:duty_update", args=[self.duty.pk])

    def crumbs(self) -> list[Crumb]:
        return [(_("Duties"), reverse("organization:duty_list")), (self.duty.label, self.back_url())]


@keepers_only
class HoldingCreate(_OfDuty):
    """Giving a duty to someone."""

    form_class = HoldingForm
    heading = gettext_lazy("Give the duty")
    submit = gettext_lazy("Give")
    is_new_thing = True
    note = gettext_lazy("Whoever stands in for the person's primary post has the duty too, for that time.")

    def load(self, request: HttpRequest, **kwargs: Any) -> Duty:
        self.duty = get_permitted(Duty, user=request.user, action="change", pk=kwargs["pk"])
        return self.duty

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        holding = give_duty(self.duty, actor=request.user, **values)
        return _("%(person)s holds the duty “%(duty)s”.") % {"person": holding.person.name, "duty": self.duty.label}


@keepers_only
class HoldingEnd(_OfDuty):
    """The last day of a holding; what would begin later never begins."""

    form_class = DayForm
    heading = gettext_lazy("End the duty")
    submit = gettext_lazy("End")

    def load(self, request: HttpRequest, **kwargs: Any) -> DutyHolding:
        rows = DutyHolding.objects.select_related("duty", "person")
        holding: DutyHolding = get_permitted(DutyHolding, user=request.user, action="change", rows=rows, pk=kwargs["pk"])
        self.duty = holding.duty
        return holding

    def get_heading(self) -> str:
        return _("End the duty of %(person)s") % {"person": self.subject.person.name}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        end_holding(self.subject, last_day=values["day"], actor=request.user)
        return _("Saved.")
