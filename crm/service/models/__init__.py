"""Requests with their clocks and log; complaints and objections with their steps and costs; warnings; confidential reports; the rules of them."""

from crm.service.models.objections import Cause, CostLine, Fault, Grade, GradeRule, Measured, Objection, ObjectionStep, Step, StepRule
from crm.service.models.reports import Report
from crm.service.models.requests import Channel, Request, RequestEvent, RequestKind, RequestPause, ResponseRule
from crm.service.models.warnings import CustomerWarning, Level, WarningReading, WarningRule

__all__ = [
    "Cause", "Channel", "CostLine", "CustomerWarning", "Fault", "Grade", "GradeRule", "Level", "Measured", "Objection", "ObjectionStep", "Report",
    "Request", "RequestEvent", "RequestKind", "RequestPause", "ResponseRule", "Step", "StepRule", "WarningReading", "WarningRule",
]  # fmt: skip
