"""The models of all slices, so that the app has one migration history."""

from .deadlines.models import CalendarFeed, Deadline, DueDateChange, JobRun, RuleOverride
from .dialogues.models import Commitment, Dialogue
from .regional.models import Activity, ParticipantCount
from .reporting.models import (
    Cell,
    FinancialReport,
    Indicator,
    Report,
    ReportVersion,
    ReturnItem,
    Section,
    Target,
    Transition,
)

__all__ = [
    "Activity",
    "CalendarFeed",
    "Cell",
    "Commitment",
    "Deadline",
    "Dialogue",
    "DueDateChange",
    "FinancialReport",
    "Indicator",
    "JobRun",
    "ParticipantCount",
    "Report",
    "ReportVersion",
    "ReturnItem",
    "RuleOverride",
    "Section",
    "Target",
    "Transition",
]
