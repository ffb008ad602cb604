"""The measures that activities themselves know: places, calls, visits, contacts, appointments. Those of selling are added by the app that sells."""

from typing import Any

from django.db.models import BigIntegerField, Case, F, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crm.activities.performance import Cut, Performance, Rate, department_of_visit, holder_on, register_performance
from portal.organization.querysets import today

BY_HOLDER_NOW = {
    "person": Cut(lambda: holder_on("portfolio", today()), "holder"),
    "department": Cut(lambda: F("portfolio__department"), "department"),
}
BY_HOLDER = {
    "person": Cut(lambda: Coalesce("holder", _holder_of_open(), output_field=BigIntegerField()), "person"),
    "department": Cut(lambda: Coalesce("portfolio__department", "customer__root__portfolio__department", output_field=BigIntegerField()), "department"),
}
BY_VISITOR = {"person": Cut(lambda: F("person"), "person"), "department": Cut(department_of_visit, "department")}


def _holder_of_open() -> Any:
    """Of what is open: whoever holds the customer's portfolio today. What is settled keeps its own holder, or none."""
    return Case(When(portfolio__isnull=True, then=holder_on("customer__root__portfolio", today())))


def register_known_measures() -> None:
    promised: dict[str, Any] = {"list_code": "crm.promises", "period": "due", "cuts": BY_HOLDER}
    visited: dict[str, Any] = {"list_code": "crm.visits", "period": "arrived", "cuts": BY_VISITOR}
    register_performance(
        Performance(code="places", label=_("Places today"), list_code="crm.customers", cuts=BY_HOLDER_NOW, order=10),
        Performance(code="calls", label=_("Calls planned"), fixed={"kind": "call"}, order=20, **promised),
        Performance(code="calls_kept", label=_("Calls answered"), fixed={"kind": "call", "state": "kept"}, order=21, **promised),
        Performance(code="targets", label=_("Targets of visits"), fixed={"kind": "visit"}, order=30, **promised),
        Performance(code="targets_kept", label=_("Targets visited"), fixed={"kind": "visit", "state": "kept"}, order=31, **promised),
        Performance(code="visits", label=_("Visits"), order=40, **visited),
        Performance(code="contacts", label=_("Contacts"), fixed={"outcome": "met"}, order=41, **visited),
        Performance(code="appointments", label=_("Appointments"), fixed={"origin": "agreed"}, is_result=True, order=50, **promised),
        Performance(code="appointments_kept", label=_("Appointments kept"), fixed={"origin": "agreed", "state": "kept"}, is_result=True, order=51, **promised),
        Rate("calls", _("Calls answered, share"), "calls_kept", "calls"),
        Rate("targets", _("Completion of visits"), "targets_kept", "targets"),
        Rate("contacts", _("Contacts, share of visits"), "contacts", "visits"),
        Rate("appointments", _("Success of appointments"), "appointments_kept", "appointments", is_result=True),
    )
