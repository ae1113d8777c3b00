"""Writing about what is kept, for how long, and what persons ask about their own data."""

from qa_service.privacy.services.erasing import Step, apply_retention
from qa_service.privacy.services.people import copy_for, look_up
from qa_service.privacy.services.persons import Line, erase_person
from qa_service.privacy.services.requests import (
    Asking,
    RequestAnswered,
    RequestOpen,
    answer_request,
    correct_person,
    register_request,
    tend_requests,
)
from qa_service.privacy.services.terms import RuleUnknown, TermNotYours, set_term

__all__ = [
    "Asking",
    "Line",
    "RequestAnswered",
    "RequestOpen",
    "RuleUnknown",
    "Step",
    "TermNotYours",
    "answer_request",
    "apply_retention",
    "copy_for",
    "correct_person",
    "erase_person",
    "look_up",
    "register_request",
    "set_term",
    "tend_requests",
]
