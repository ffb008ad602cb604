"""Rules, promises, the months that are laid."""

from crm.activities.models.layings import Laying
from crm.activities.models.promises import Promise
from crm.activities.models.rules import Contacting, DayMeasure, LinePlace, PromiseRule

__all__ = ["Contacting", "DayMeasure", "Laying", "LinePlace", "Promise", "PromiseRule"]
