"""Promises on a customer's page, among what a handover shows, and kept by what is written into the file; the calendar moves what is due."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.activities.diary_sources import dealings_of_day, register_diary_source, visits_of_day
from crm.activities.known_facts import register_known_facts
from crm.activities.known_measures import register_known_measures
from crm.activities.measures import register_measures
from crm.activities.models import CareCase, MarketReport, Promise
from crm.activities.policies import works_with_visits
from crm.activities.services.keeping import keep_by_dealing, renew_dues
from crm.activities.services.market_reports import renew_clocks
from crm.customers.models import Customer
from crm.customers.panels import OpenWork, Panel, register_customer_panel, register_dealing_noted, register_work_of
from portal.access.policies import can
from portal.calendar.registry import register_calendar_listener
from portal.organization.querysets import today

MOST = 5


def _visits(customer: Customer, user: Any) -> dict[str, Any] | None:
    if not works_with_visits(user) or not can(user, "change", customer):
        return None
    rows = Promise.objects.filter(customer__root=customer.pk).select_related("dealing")
    coming = rows.filter(state=Promise.State.OPEN).order_by("due_on", "pk")[:MOST]
    missed = rows.filter(state=Promise.State.MISSED).order_by("-due_on", "-pk")[:MOST]
    return {"coming": coming, "missed": missed, "today": today()}


def _open(portfolio_ids: Sequence[int]) -> Iterable[OpenWork]:
    rows = Promise.objects.filter(customer__root__portfolio__in=portfolio_ids, state=Promise.State.OPEN, starts_on__lte=today())
    for row in rows.select_related("customer__root").order_by("due_on", "pk"):
        yield OpenWork(row.customer.root, str(row.get_kind_display()), row.due_on, reverse("crm:promise_detail", args=[row.pk]))


def _to_ask(portfolio_ids: Sequence[int]) -> Iterable[OpenWork]:
    rows = CareCase.objects.to_ask().filter(customer__root__portfolio__in=portfolio_ids)
    for row in rows.select_related("customer__root", "care").order_by("care__ends_on", "pk"):
        yield OpenWork(row.customer.root, row.care.name, row.care.ends_on, reverse("crm:care_case", args=[row.pk]))


def _reports(portfolio_ids: Sequence[int]) -> Iterable[OpenWork]:
    rows = MarketReport.objects.filter(portfolio__in=portfolio_ids, state=MarketReport.State.OWED).select_related("call")
    for row in rows.order_by("call__due_on", "pk"):
        yield OpenWork(None, _("Market report: %(call)s") % {"call": str(row.call)}, row.call.due_on, row.get_absolute_url())


register_customer_panel(Panel("activities", "crm/activities/_panel.html", _visits, order=15))
register_work_of(_open)
register_work_of(_to_ask)
register_work_of(_reports)
register_diary_source(dealings_of_day)
register_diary_source(visits_of_day)
register_dealing_noted(keep_by_dealing)
register_calendar_listener(renew_dues)
register_calendar_listener(renew_clocks)
register_measures()
register_known_measures()
register_known_facts()
