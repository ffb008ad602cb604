"""What is measured of orders for warnings: lines that are late, money that is overdue."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, F, Sum
from django.utils.translation import gettext_lazy as _

from crm.customers.warnings import Reading, WarningMeasure, register_warning_measure
from crm.orders.models import OrderLine, Receivable


def _late_lines(day: date, least: int) -> Iterable[Reading]:
    rows = OrderLine.objects.filter(quantity__gt=F("delivered") + F("cancelled"), promised_on__lt=day).order_by()
    return rows.values_list("order__customer__root").annotate(number=Count("pk")).filter(number__gte=least)


def _overdue(day: date, least: int) -> Iterable[Reading]:
    rows = Receivable.objects.filter(settled__lt=F("fen"), due_on__lt=day).order_by()
    return rows.values_list("account__customer__root").annotate(fen=Sum(F("fen") - F("settled"))).filter(fen__gte=least)


def register_measures() -> None:
    register_warning_measure(WarningMeasure("orders.late_lines", _("lines of orders that are late"), _late_lines))
    register_warning_measure(WarningMeasure("orders.overdue", _("overdue receipts"), _overdue, is_money=True))
