"""Who may open pages of service that are about no single thing."""

from typing import Any

from django.core.exceptions import PermissionDenied

from crm.service.policies import FOR_DESK, FOR_RULES, keeps_rules, works_with_service


def refuse_others(user: Any) -> None:
    if not works_with_service(user):
        raise PermissionDenied(FOR_DESK)


def refuse_who_keeps_no_rules(user: Any) -> None:
    if not keeps_rules(user):
        raise PermissionDenied(FOR_RULES)
