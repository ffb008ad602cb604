"""What is measured of service for warnings: objections, complaints, requests that are late."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.customers.warnings import Reading, WarningMeasure, register_warning_measure
from crm.service.models import Objection, Request

WITHIN = timedelta(days=90)


def _of_kind(kind: str, day: date, least: int) -> Iterable[Reading]:
    since = timezone.make_aware(datetime.combine(day - WITHIN, time.min))
    rows = Objection.objects.filter(kind=kind, noted_at__gte=since).exclude(result=Objection.Result.INVALID).order_by()
    return rows.values_list("customer__root").annotate(number=Count("pk")).filter(number__gte=least)


def _objections(day: date, least: int) -> Iterable[Reading]:
    return _of_kind(Objection.Kind.QUALITY, day, least)


def _complaints(day: date, least: int) -> Iterable[Reading]:
    return _of_kind(Objection.Kind.COMPLAINT, day, least)


def _late_requests(day: date, least: int) -> Iterable[Reading]:
    rows = Request.objects.filter(due_at__lt=timezone.now(), customer__isnull=False).order_by()
    return rows.values_list("customer__root").annotate(number=Count("pk")).filter(number__gte=least)


def register_measures() -> None:
    register_warning_measure(WarningMeasure("service.objections", _("objections to quality within 90 days"), _objections))
    register_warning_measure(WarningMeasure("service.complaints", _("complaints within 90 days"), _complaints))
    register_warning_measure(WarningMeasure("service.late", _("requests that are late"), _late_requests))
