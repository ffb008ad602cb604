"""What is measured of visits and calls for warnings: what was promised and missed without being excused."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from crm.activities.models import Promise
from crm.customers.warnings import Reading, WarningMeasure, register_warning_measure

LOOKED_BACK = timedelta(days=90)


def _missed(day: date, least: int) -> Iterable[Reading]:
    rows = Promise.objects.filter(state=Promise.State.MISSED, settled_on__gt=day - LOOKED_BACK, settled_on__lte=day).order_by()
    return rows.values_list("customer__root").annotate(number=Count("pk")).filter(number__gte=least)


def register_measures() -> None:
    register_warning_measure(WarningMeasure("activities.missed", _("promised visits and calls missed within 90 days"), _missed))
