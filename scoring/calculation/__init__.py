"""From evidence to a case's grade and a client's voice, each with its derivation.

Everything is `Decimal` in one fixed context and the clock is an argument: weighing the same evidence by the same rules
gives the same bytes, on any machine.
"""

from scoring.calculation.derivation import case_derivation, evidence_in, part_of, recompute, voice_derivation
from scoring.calculation.figures import canonical, in_whole_batches, mean, stored, unlinked, weighted_mean
from scoring.calculation.foresight import Foresight, Move, foreseen, weighed_anew
from scoring.calculation.proving import Difference, Kept, between, differences
from scoring.calculation.rules import Rules, band, digest, overdue_from, rules_of
from scoring.calculation.telling import Told, told, told_together
from scoring.calculation.weighing import (
    CaseResult,
    Line,
    VoiceResult,
    readers_asked,
    weigh_case,
    weigh_voice,
    weigh_voices,
)

__all__ = [
    "CaseResult",
    "Difference",
    "Foresight",
    "Kept",
    "Line",
    "Move",
    "Rules",
    "Told",
    "VoiceResult",
    "band",
    "between",
    "canonical",
    "case_derivation",
    "differences",
    "digest",
    "evidence_in",
    "foreseen",
    "in_whole_batches",
    "mean",
    "overdue_from",
    "part_of",
    "readers_asked",
    "recompute",
    "rules_of",
    "stored",
    "told",
    "told_together",
    "unlinked",
    "voice_derivation",
    "weigh_case",
    "weigh_voice",
    "weigh_voices",
    "weighed_anew",
    "weighted_mean",
]
