"""Entering that a file came in, taking a mistaken entry out, and reminding the lawyer whose file is overdue."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict, InvalidInput
from reviews.enums import FileAct, FileState
from reviews.models import FileAcceptance
from reviews.queries.lateness import days_late
from reviews.services.acceptance.held import HeldFile, held_file, write


class NotOverdue(Conflict):
    code = "file_not_overdue"


@transaction.atomic
def receive_file(*, case: Case, handed_in_on: date | None, version: int, user: User, now: datetime) -> FileAcceptance:
    """Enter that the file came in, or came back.

    :raises InvalidInput: no day, one before the case began or the file was sent back, or one after today.
    :raises FileNotNow: it is here; :raises FileChanged, NotTheirsToGive: as `held_file`.
    """
    held = held_file(case, version=version, user=user, now=now)
    day = required_day(
        handed_in_on,
        first=_first_day(held),
        last=held.today,
        field="handed_in_on",
        missing=_("Enter the day on which the file was handed in."),
        outside=_("The day lies before the case began or the file was sent back, or after today."),
    )
    write(held, FileAct.HANDED_IN, on=day)
    return held.row


def _first_day(held: HeldFile) -> date:
    """On which it can have come: what was typed after it was sent back says nothing of when it came back."""
    if held.row.state != FileState.RETURNED:
        return held.case.accepted_on
    return next(event.happened_on for event in reversed(held.events) if event.act == FileAct.RETURNED)


@transaction.atomic
def undo_receipt(*, case: Case, reason: str, version: int, user: User, now: datetime) -> FileAcceptance:
    """Take out a receipt that was entered by mistake: the file stands as before it.

    :raises InvalidInput: no reason; :raises FileNotNow: something was done with the file since.
    :raises FileChanged, NotTheirsToGive: as `held_file`.
    """
    held = held_file(case, version=version, user=user, now=now)
    said = required_words(held, reason)
    write(held, FileAct.RECEIPT_UNDONE, on=held.today, words=said)
    return held.row


@transaction.atomic
def remind_lawyer(*, case: Case, words: str, version: int, user: User, now: datetime) -> FileAcceptance:
    """Remind the lawyer of an overdue file, and put it on record: `words` say how, where it was not here.

    :raises NotOverdue: the file's time has not passed, or the lawyer was reminded today.
    :raises HowToldMissing: the lawyer has no account and no words say how it was given.
    :raises FileNotNow: the file is here; :raises FileChanged, NotTheirsToGive: as `held_file`.
    """
    held = held_file(case, version=version, user=user, now=now)
    said = held.quotable(words, field="words")
    if not _overdue(held):
        raise NotOverdue(_("This file is not overdue."))
    if any(event.act == FileAct.REMINDED and event.happened_on == held.today for event in held.events):
        raise NotOverdue(_("The lawyer was reminded today."))
    held.require_told(said, field="words")
    write(held, FileAct.REMINDED, on=held.today, words=said)
    held.tell_lawyer(gettext_noop("Your file %(case)s is overdue. Hand it in, or say why it is late."))
    return held.row


def _overdue(held: HeldFile) -> bool:
    """Not handed in by its day, or not back by the day set. A file that came late is not overdue any more."""
    row = held.row
    if row.state == FileState.AWAITED:
        return held.case.filed_on is None and bool(days_late(held.case, now=held.now))
    return row.correct_by is not None and row.correct_by < held.today


def required_words(held: HeldFile, reason: str) -> str:
    """:raises InvalidInput: none, or unfit for the form of the file."""
    said = held.quotable(reason, field="reason")
    if not said:
        raise InvalidInput(_("Give the reason."), field="reason")
    return said
