"""From proposal to decision: no step can be skipped, each by a named person, each recorded (`design` 2.2)."""

from scoring.services.procedure.correcting import (
    COACHING_WORKDAYS,
    PAPER_BYTES,
    RECTIFY_WORKDAYS,
    Evidence,
    FileOnPaper,
    close_task,
    end_rectification,
    give_rectification,
    key_in_report,
    report_task,
    return_task,
)
from scoring.services.procedure.deciding import DISPLAY_WORKDAYS, decide
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
    require_named,
    require_reason,
)

__all__ = [
    "COACHING_WORKDAYS",
    "DISPLAY_WORKDAYS",
    "PAPER_BYTES",
    "RECTIFY_WORKDAYS",
    "STATEMENT_LENGTH",
    "STATEMENT_WORKDAYS",
    "Evidence",
    "FileOnPaper",
    "FourEyes",
    "NotHeard",
    "StepNotDue",
    "ask_for_statement",
    "close_task",
    "decide",
    "end_rectification",
    "finish_displays",
    "give_rectification",
    "give_statement",
    "key_in_report",
    "key_in_statement",
    "locked",
    "record_answer",
    "report_task",
    "require_another",
    "require_ground",
    "require_independent",
    "require_named",
    "require_reason",
    "return_task",
    "send_referral",
    "stop_display",
]
