"""Who may open pages of sales that are about no single thing."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from crm.sales.policies import works_with_sales

FOR_SALES = _("For those who hold a portfolio of customers, head a department with portfolios, or keep the file.")


def refuse_others(user: Any) -> None:
    if not works_with_sales(user):
        raise PermissionDenied(FOR_SALES)
