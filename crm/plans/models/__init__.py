"""What was sold, by the responsibility of the day; plans in versions, their lines, and why they were not met."""

from crm.plans.models.facts import Place, Sold
from crm.plans.models.plans import Deviation, Plan, PlanLine, PlanVersion

__all__ = ["Deviation", "Place", "Plan", "PlanLine", "PlanVersion", "Sold"]
