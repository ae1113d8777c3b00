"""Checking what came in against the catalogue: sent back with what is wrong and a day, or accepted and signed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.common.workdays import CalendarYearMissing
from qa_service.organisations.queries import calendar
from reviews.acceptance import LONGEST_CORRECTION, correction_day
from reviews.enums import DefectKind, FileAct, FileState, Finding, PleaState
from reviews.models import FileAcceptance, FileDefect, FilePaper, LatenessPlea
from reviews.pages import LAST_PAGE, PagesUnreadable, pages
from reviews.queries.acceptance import catalogue_codes, catalogue_in_force, check_of
from reviews.queries.lateness import days_late
from reviews.services.acceptance.held import FileNotNow, HeldFile, held_file, take_over, write
from reviews.services.acceptance.receipt import required_words
from reviews.services.assignments import NoChecklist

NOTE_LIMIT = 300


class FileUnchecked(Conflict):
    """Papers of the catalogue that nobody looked at yet."""

    code = "file_unchecked"


class PleaWaits(Conflict):
    """The lawyer gave reasons for the lateness that nobody has decided about."""

    code = "lateness_plea_waits"


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperEntry:
    """One paper as typed: `pages` "12" or "12-14"; `signed` is None where nobody looked."""

    code: str
    finding: str
    pages: str = ""
    dated: date | None = None
    signed: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DefectEntry:
    """Something to put right; `paper` is empty where it concerns the whole file."""

    kind: str
    paper: str = ""
    note: str = ""


@transaction.atomic
def save_papers(
    *,
    case: Case,
    papers: Iterable[PaperEntry],
    last_page: int | None,
    version: int,
    user: User,
    now: datetime,
) -> FileAcceptance:
    """Store what stands in the binder, in place of what was stored before; a paper left out counts as not looked at.

    :raises InvalidInput: an unknown paper or finding, pages that cannot be read, named by the code of the paper.
    :raises NoChecklist: no catalogue is in force for this type of case.
    :raises FileNotNow: the file is not here to be checked; :raises FileChanged, NotTheirsToGive: as `held_file`.
    """
    held = _at_hand(case, version=version, user=user, now=now)
    if last_page is not None and not 1 <= last_page <= LAST_PAGE:
        raise InvalidInput(_("Enter the number of the last page of the file."), field="last_page")
    known = frozenset(catalogue_codes(held.row))
    rows = [_paper(held.row, entry, known, last_day=held.today) for entry in papers]
    if len({row.code for row in rows}) < len(rows):
        raise InvalidInput(_("A paper is named twice."), field="papers")
    held.row.papers.all().delete()
    FilePaper.objects.bulk_create(rows)
    held.row.last_page = last_page
    held.row.version += 1
    held.row.save(update_fields=["checklist", "last_page", "version"])
    details = {"case": held.case.number, "papers": len(rows)}
    record(actor=user.actor, action="reviews.file_checked", subject=held.row, details=details, at=now)
    return held.row


@transaction.atomic
def return_file(
    *,
    case: Case,
    defects: Sequence[DefectEntry],
    due_on: date | None,
    words: str = "",
    told_how: str = "",
    version: int,
    user: User,
    now: datetime,
) -> FileAcceptance:
    """Send the file back to its lawyer with what is to be put right, and the day by which it is to be back.

    :param due_on: five working days where none is given.
    :param told_how: how the lawyer was told, where it was not here: on paper, by telephone.
    :raises HowToldMissing: the lawyer has no account and `told_how` is empty.
    :raises InvalidInput: nothing is named, a paper or kind that is not known, words unfit for the form, a day too early
        or too late, or none where the calendar of working days does not reach so far.
    :raises FileNotNow: the file is not here; :raises FileChanged, NotTheirsToGive: as `held_file`.
    """
    held = _at_hand(case, version=version, user=user, now=now)
    if not defects:
        raise InvalidInput(_("Name what is to be put right."), field="defects")
    rows = [_defect(held, entry) for entry in defects]
    if len({(row.paper, row.kind) for row in rows}) < len(rows):
        raise InvalidInput(_("The same is named twice."), field="defects")
    day = _correction_day(held, due_on)
    said, how = held.quotable(words, field="words"), held.quotable(told_how, field="told_how")
    held.require_told(how, field="told_how")
    event = write(held, FileAct.RETURNED, on=held.today, due_on=day, words=said, told_how=how)
    for row in rows:
        row.event = event
    FileDefect.objects.bulk_create(rows)
    held.tell_lawyer(
        gettext_noop("Your file %(case)s was sent back to be put right. It is due back by %(day)s."),
        day=day.isoformat(),
    )
    return held.row


@transaction.atomic
def accept_file(*, case: Case, words: str = "", version: int, user: User, now: datetime) -> FileAcceptance:
    """Accept the file: signed by the person, dated today. What is found wrong and stays needs a remark that says why.

    :raises FileUnchecked: papers nobody looked at; :raises PleaWaits: see there.
    :raises InvalidInput: defects stay and no remark says why, or it is unfit for the form.
    :raises FileNotNow: the file is not here; :raises FileChanged, NotTheirsToGive: as `held_file`.
    """
    held = _at_hand(case, version=version, user=user, now=now)
    check = check_of(held.row, held.case)
    if check.unchecked:
        raise FileUnchecked(
            _("Papers of the catalogue not checked yet: %(count)s.") % {"count": len(check.unchecked)},
            papers=" ".join(check.unchecked),
        )
    if LatenessPlea.objects.filter(case=held.case, state=PleaState.OPEN).exists():
        raise PleaWaits(_("The lawyer gave reasons for the lateness. Decide about them first."))
    said = held.quotable(words, field="words")
    if check.defects and not said:
        raise InvalidInput(_("Something is not in order. Say why the file is accepted all the same."), field="words")
    late = days_late(held.case, now=now)
    event = write(held, FileAct.ACCEPTED, on=held.today, days_late=late, words=said)
    FileDefect.objects.bulk_create(
        FileDefect(event=event, paper=defect.paper, kind=defect.kind) for defect in check.defects
    )
    held.tell_lawyer(gettext_noop("Your file %(case)s was accepted."))
    return held.row


@transaction.atomic
def reopen_file(*, case: Case, reason: str, version: int, user: User, now: datetime) -> FileAcceptance:
    """Take an acceptance back, saying why: the file is to be checked again.

    :raises InvalidInput: no reason; :raises FileNotNow: it is not accepted.
    :raises FileChanged, NotTheirsToGive: as `held_file`.
    """
    held = held_file(case, version=version, user=user, now=now)
    said = required_words(held, reason)
    write(held, FileAct.REOPENED, on=held.today, words=said)
    held.tell_lawyer(gettext_noop("The acceptance of your file %(case)s was taken back: it is checked again."))
    return held.row


def _at_hand(case: Case, *, version: int, user: User, now: datetime) -> HeldFile:
    """The file, which is here to be checked, with the catalogue it is checked by."""
    held = held_file(case, version=version, user=user, now=now)
    take_over(held)
    if held.row.state != FileState.TO_CHECK:
        raise FileNotNow(held.row)
    if held.row.checklist_id is None:
        held.row.checklist = catalogue_in_force(held.case)
        if held.row.checklist is None:
            raise NoChecklist(_("No checklist is in force for this type of case."))
    return held


def _paper(row: FileAcceptance, entry: PaperEntry, known: frozenset[str], *, last_day: date) -> FilePaper:
    if entry.code not in known:
        raise InvalidInput(_("The catalogue has no such paper."), field=entry.code)
    if entry.finding not in Finding.values:
        raise InvalidInput(_("Say whether the paper is in the file."), field=entry.code)
    there = entry.finding == Finding.PRESENT
    if not there and (entry.pages.strip() or entry.dated or entry.signed is not None):
        raise InvalidInput(_("A paper that is not in the file has no page, date or signature."), field=entry.code)
    if entry.dated is not None and entry.dated > last_day:
        raise InvalidInput(_("No paper is dated after today."), field=entry.code)
    first, last = _range(entry)
    return FilePaper(
        acceptance=row,
        code=entry.code,
        finding=entry.finding,
        first_page=first,
        last_page=last,
        dated=entry.dated,
        signed=entry.signed,
    )


def _range(entry: PaperEntry) -> tuple[int | None, int | None]:
    if not entry.pages.strip():
        return None, None
    try:
        found = pages(entry.pages)
    except PagesUnreadable as error:
        raise InvalidInput(_("Type a page or a range, such as 12 or 12-14."), field=entry.code) from error
    if found.volume:
        raise InvalidInput(_("Type a page or a range, such as 12 or 12-14."), field=entry.code)
    return found.first, found.last


def _defect(held: HeldFile, entry: DefectEntry) -> FileDefect:
    if entry.kind not in DefectKind.values:
        raise InvalidInput(_("Say what is to be put right."), field=entry.paper or "defects")
    if entry.paper and entry.paper not in catalogue_codes(held.row):
        raise InvalidInput(_("The catalogue has no such paper."), field=entry.paper)
    note = held.quotable(entry.note, limit=NOTE_LIMIT, field=entry.paper or "defects")
    if entry.kind == DefectKind.OTHER and not note:
        raise InvalidInput(_("Say in words what is to be put right."), field=entry.paper or "defects")
    return FileDefect(paper=entry.paper, kind=entry.kind, note=note)


def _correction_day(held: HeldFile, due_on: date | None) -> date:
    if due_on is None:
        try:
            return correction_day(held.today, calendar())
        except CalendarYearMissing as missing:
            message = _("The calendar of working days does not reach so far. Enter the day yourself.")
            raise InvalidInput(message, field="due_on") from missing
    if not held.today + timedelta(days=1) <= due_on <= held.today + LONGEST_CORRECTION:
        message = _("Enter a day after today, at most %(days)s days ahead.")
        raise InvalidInput(message % {"days": LONGEST_CORRECTION.days}, field="due_on")
    return due_on
