"""Who may open pages of visits that are about no single thing."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from crm.activities.policies import works_with_visits

FOR_VISITORS = _("For those who hold a portfolio of customers, head a department with portfolios, or keep the file.")


def refuse_others(user: Any) -> None:
    if not works_with_visits(user):
        raise PermissionDenied(FOR_VISITORS)
