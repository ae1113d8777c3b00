"""Tables of weighing and deciding."""

from scoring.models.closing import ClosedPeriod
from scoring.models.considering import PeriodLook, RuleTakenUp, ToConsider
from scoring.models.decisions import (
    DECIDING_ROLES,
    Decision,
    Proposal,
    PublicDisplay,
    Rule,
    Statement,
)
from scoring.models.measures import AssignmentMeasure, Referral
from scoring.models.next_files import NextFile, NextFiles
from scoring.models.notices import Appeal, Notice, NumberCounter
from scoring.models.panels import PanelMeeting, PanelMember, StepLook
from scoring.models.reports import ReportOrder, ReportTold, ReportWish
from scoring.models.satisfaction import RatedCase, SatisfactionBatch
from scoring.models.schemes import Scheme
from scoring.models.scores import CaseScore
from scoring.models.targets import YearTarget
from scoring.models.tasks import CorrectiveTask, TaskPaper, TaskReport
from scoring.models.voice import BatchedAnswer, CaseVoice, ClientVoiceBatch

__all__ = [
    "DECIDING_ROLES",
    "Appeal",
    "AssignmentMeasure",
    "BatchedAnswer",
    "CaseScore",
    "CaseVoice",
    "ClientVoiceBatch",
    "ClosedPeriod",
    "CorrectiveTask",
    "Decision",
    "NextFile",
    "NextFiles",
    "Notice",
    "NumberCounter",
    "PanelMeeting",
    "PanelMember",
    "PeriodLook",
    "Proposal",
    "PublicDisplay",
    "RatedCase",
    "Referral",
    "ReportOrder",
    "ReportTold",
    "ReportWish",
    "Rule",
    "RuleTakenUp",
    "SatisfactionBatch",
    "Scheme",
    "Statement",
    "StepLook",
    "TaskPaper",
    "TaskReport",
    "ToConsider",
    "YearTarget",
]
