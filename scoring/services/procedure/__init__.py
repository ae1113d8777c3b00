"""From proposal to decision: no step can be skipped, each by a named person, each recorded (`design` 2.2)."""

from scoring.services.procedure.coaching import close_task
from scoring.services.procedure.deciding import COACHING_WORKDAYS, DISPLAY_WORKDAYS, decide
from scoring.services.procedure.displays import finish_displays, stop_display
from scoring.services.procedure.hearing import (
    STATEMENT_LENGTH,
    STATEMENT_WORKDAYS,
    NotHeard,
    ask_for_statement,
    give_statement,
    key_in_statement,
)
from scoring.services.procedure.referring import record_answer, send_referral
from scoring.services.procedure.steps import (
    FourEyes,
    StepNotDue,
    locked,
    require_another,
    require_ground,
    require_independent,
    require_reason,
)

__all__ = [
    "COACHING_WORKDAYS",
    "DISPLAY_WORKDAYS",
    "STATEMENT_LENGTH",
    "STATEMENT_WORKDAYS",
    "FourEyes",
    "NotHeard",
    "StepNotDue",
    "ask_for_statement",
    "close_task",
    "decide",
    "finish_displays",
    "give_statement",
    "key_in_statement",
    "locked",
    "record_answer",
    "require_another",
    "require_ground",
    "require_independent",
    "require_reason",
    "send_referral",
    "stop_display",
]
