"""Rules, promises, the months that are laid, visits, diaries, campaigns of care, reports on the market."""

from crm.activities.models.cares import Care, CareCase, CareDecision
from crm.activities.models.diaries import Diary, DiaryAnswer, DiaryReading, DiaryVersion
from crm.activities.models.layings import Laying
from crm.activities.models.market_reports import MarketCall, MarketReport, MarketReturn
from crm.activities.models.promises import Promise
from crm.activities.models.rules import Contacting, DayMeasure, LinePlace, PromiseRule
from crm.activities.models.visits import Sighting, Visit

__all__ = [
    "Care",
    "CareCase",
    "CareDecision",
    "Contacting",
    "DayMeasure",
    "Diary",
    "DiaryAnswer",
    "DiaryReading",
    "DiaryVersion",
    "Laying",
    "LinePlace",
    "MarketCall",
    "MarketReport",
    "MarketReturn",
    "Promise",
    "PromiseRule",
    "Sighting",
    "Visit",
]
