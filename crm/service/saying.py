"""Values of warnings as they are read: money in yuan, the rest as numbers."""

from crm.catalogue.units import say_yuan
from crm.customers.warnings import warning_measures
from crm.service.models import WarningRule


def say_value(measure: str, value: int) -> str:
    known = warning_measures().get(measure)
    return say_yuan(value) if known is not None and known.is_money else f"{value:,}"


def bounds_said(rule: WarningRule) -> list[tuple[str, str]]:
    return [(level, say_value(rule.measure, getattr(rule, level))) for level in ("yellow", "orange", "red")]
