"""Accepting bound files (案卷验收): one transaction an act, each put on the record of its file."""

from reviews.services.acceptance.checking import (
    DefectEntry,
    FileUnchecked,
    PaperEntry,
    PleaWaits,
    accept_file,
    reopen_file,
    return_file,
    save_papers,
)
from reviews.services.acceptance.held import FileChanged, FileNotNow, HowToldMissing
from reviews.services.acceptance.pleas import PleaNotOpen, decide_plea, state_lateness
from reviews.services.acceptance.receipt import NotOverdue, receive_file, remind_lawyer, undo_receipt

__all__ = [
    "DefectEntry",
    "FileChanged",
    "FileNotNow",
    "FileUnchecked",
    "HowToldMissing",
    "NotOverdue",
    "PaperEntry",
    "PleaNotOpen",
    "PleaWaits",
    "accept_file",
    "decide_plea",
    "receive_file",
    "remind_lawyer",
    "reopen_file",
    "return_file",
    "save_papers",
    "state_lateness",
    "undo_receipt",
]
