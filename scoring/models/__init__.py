"""Tables of weighing and deciding."""

from scoring.models.decisions import (
    DECIDING_ROLES,
    CoachingTask,
    Decision,
    Proposal,
    PublicDisplay,
    Rule,
    Statement,
)
from scoring.models.notices import Appeal, Notice, NumberCounter
from scoring.models.schemes import Scheme
from scoring.models.scores import CaseScore
from scoring.models.voice import BatchedAnswer, CaseVoice, ClientVoiceBatch

__all__ = [
    "DECIDING_ROLES",
    "Appeal",
    "BatchedAnswer",
    "CaseScore",
    "CaseVoice",
    "ClientVoiceBatch",
    "CoachingTask",
    "Decision",
    "Notice",
    "NumberCounter",
    "Proposal",
    "PublicDisplay",
    "Rule",
    "Scheme",
    "Statement",
]
