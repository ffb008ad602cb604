"""Kinds with their versions, papers with their contents, steps with their tasks and votes, and the trail."""

from portal.approvals.models.drawings import Drawing
from portal.approvals.models.facts import Ceiling, LineFact
from portal.approvals.models.kinds import FormVersion, PaperKind, RouteVersion
from portal.approvals.models.papers import Content, Draft, Event, Paper, PaperReader
from portal.approvals.models.steps import Step, Task, Vote

__all__ = [
    "Ceiling",
    "Content",
    "Draft",
    "Drawing",
    "Event",
    "FormVersion",
    "LineFact",
    "Paper",
    "PaperKind",
    "PaperReader",
    "RouteVersion",
    "Step",
    "Task",
    "Vote",
]
