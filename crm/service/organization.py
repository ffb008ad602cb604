"""Service on a customer's page, among what a handover shows, and when the plant or its calendar changes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from crm.activities.diary_sources import register_diary_source
from crm.activities.opinions import OpinionTaker, register_opinion_taker
from crm.customers.models import Customer
from crm.customers.needs import Fate, register_need_origin
from crm.customers.panels import OpenWork, Panel, register_customer_panel, register_work_of
from crm.service.mails import register_mails
from crm.service.measures import register_measures
from crm.service.models import CustomerWarning, Objection, Request
from crm.service.policies import may_note_for, works_with_service
from crm.service.services.keeping import CALENDAR, LEAVERS
from crm.service.visits import fate_of_opinion, take_opinion, told_of_day
from portal.access.policies import can, visible_to
from portal.calendar.registry import register_calendar_listener
from portal.organization.registry import follow_changes
from portal.outbox.services import enqueue

MOST = 6


def _service(customer: Customer, user: Any) -> dict[str, Any] | None:
    if not works_with_service(user):
        return None
    rows = visible_to(Request, user).filter(customer__root=customer.pk).select_related("owner").order_by("-noted_at", "-pk")
    found = list(rows[: MOST + 1])
    objections = visible_to(Objection, user).filter(customer__root=customer.pk)[:MOST]
    open_now = visible_to(CustomerWarning, user).filter(customer__root=customer.pk).exclude(state=CustomerWarning.State.CLOSED)
    return {
        "warnings": open_now,
        "objections": objections,
        "requests": found[:MOST],
        "is_more": len(found) > MOST,
        "now": timezone.now(),
        "may_note": may_note_for(user, customer),
    }


def _open_requests(portfolio_ids: Sequence[int]) -> Iterable[OpenWork]:
    rows = Request.objects.filter(customer__root__portfolio__in=portfolio_ids).exclude(state=Request.State.SOLVED)
    for row in rows.select_related("customer__root").order_by("due_at", "pk"):
        assert row.customer is not None
        due_on = timezone.localdate(row.due_at) if row.due_at else None
        yield OpenWork(row.customer.root, f"{row.number} {row.text[:60]}", due_on, row.get_absolute_url())


def _open_objections(portfolio_ids: Sequence[int]) -> Iterable[OpenWork]:
    rows = Objection.objects.filter(customer__root__portfolio__in=portfolio_ids).exclude(state=Objection.State.CLOSED)
    for row in rows.select_related("customer__root").order_by("due_at", "pk"):
        due_on = timezone.localdate(row.due_at) if row.due_at else None
        yield OpenWork(row.customer.root, f"{row.number} {row.text[:60]}", due_on, row.get_absolute_url())


def _open_warnings(portfolio_ids: Sequence[int]) -> Iterable[OpenWork]:
    rows = CustomerWarning.objects.filter(customer__root__portfolio__in=portfolio_ids).exclude(state=CustomerWarning.State.CLOSED)
    for row in rows.select_related("customer__root"):
        yield OpenWork(row.customer.root, row.label, None, row.get_absolute_url())


def _fate(key: int, user: Any) -> Fate | None:
    row = Request.objects.select_related("customer__root__portfolio").filter(pk=key).first()
    if row is None:
        return None
    return Fate(f"{row.number} {row.get_state_display()}", "", row.get_absolute_url() if can(user, "view", row) else "")


def _leavers(_user_ids: Collection[int] | None) -> None:
    enqueue(LEAVERS)


def _calendar(_first: date, _last: date) -> None:
    enqueue(CALENDAR)


register_customer_panel(Panel("service", "crm/service/_panel.html", _service, order=30))
register_measures()
register_mails()
register_work_of(_open_requests)
register_work_of(_open_objections)
register_work_of(_open_warnings)
register_opinion_taker(OpinionTaker(take_opinion, fate_of_opinion))
register_diary_source(told_of_day)
register_need_origin("request", _fate)
follow_changes(_leavers)
register_calendar_listener(_calendar)
