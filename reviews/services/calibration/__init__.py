"""Calibration: open a round, mark its files alone, agree on the marks, close it."""

from reviews.services.calibration.discussion import (
    AgreedEntry,
    AgreementChanged,
    NotAllAgreed,
    RoundNotOpen,
    agree_on_file,
    call_off,
    close_round,
    end_marking,
)
from reviews.services.calibration.marking import TrialChanged, TrialLocked, save_trial, submit_trial
from reviews.services.calibration.opening import PersonTied, open_round
from reviews.services.calibration.reminding import remind_of_calibrations

__all__ = [
    "AgreedEntry",
    "AgreementChanged",
    "NotAllAgreed",
    "PersonTied",
    "RoundNotOpen",
    "TrialChanged",
    "TrialLocked",
    "agree_on_file",
    "call_off",
    "close_round",
    "end_marking",
    "open_round",
    "remind_of_calibrations",
    "save_trial",
    "submit_trial",
]
