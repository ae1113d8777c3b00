"""Accepting the bound file of a case (案卷验收): what follows what, by which day it counts, what a machine can check.

Pure: events in, the state out. The rows keep every event; the state beside them is only what these functions say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from qa_service.common.workdays import Calendar, add_workdays
from reviews.enums import Anchor, DefectKind, FileAct, FileState, Finding

CORRECTION_WORKDAYS: Final = 5  # to put right what was found, unless the desk gives another day
CHECK_WORKDAYS: Final = 5  # the desk's own time to look at what came in
LONGEST_CORRECTION: Final = timedelta(days=90)
HALF_LATE_DAYS: Final = 30  # later than this no point is left for being in time (as the scheme's time limits)

# After which state which act may come.
FOLLOWS: Final[Mapping[FileState, frozenset[FileAct]]] = {
    FileState.AWAITED: frozenset({FileAct.HANDED_IN, FileAct.REMINDED}),
    FileState.TO_CHECK: frozenset({FileAct.RETURNED, FileAct.ACCEPTED, FileAct.RECEIPT_UNDONE}),
    FileState.RETURNED: frozenset({FileAct.HANDED_IN, FileAct.REMINDED}),
    FileState.ACCEPTED: frozenset({FileAct.REOPENED}),
}


class NotNow(ValueError):  # noqa: N818 - named for the fact
    """The act does not follow the state the file is in."""


@dataclass(frozen=True, slots=True)
class Event:
    """One act on its day; `due_on` is the day by which a returned file comes back."""

    act: FileAct
    on: date
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a file stands. `counts_on` is the day it counts as handed in, `handed_in_on` the day it last came.

    A file sent back keeps its first day as long as it is back by the day set; else it counts from the day it came back,
    so that nobody stops the clock with an empty binder. But the days on which it lay at the desk are the desk's, and no
    lawyer's: `desk_days`, until it was last sent back, come off. `before`: what a receipt entered by mistake leads back
    to.
    """

    state: FileState = FileState.AWAITED
    handed_in_on: date | None = None
    counts_on: date | None = None
    correct_by: date | None = None
    returns: int = 0
    desk_days: int = 0
    reminders: int = 0
    accepted_on: date | None = None
    before: "Progress | None" = None


def progress(events: Iterable[Event]) -> Progress:
    """:raises NotNow: the events cannot have happened in this order."""
    found = Progress()
    for event in events:
        found = after(found, event)
    return found


def after(was: Progress, event: Event) -> Progress:
    """What an act makes of a file. :raises NotNow: it cannot come now."""
    if event.act not in FOLLOWS[was.state]:
        raise NotNow(event.act)
    match event.act:
        case FileAct.HANDED_IN:
            missed = was.correct_by is not None and event.on > was.correct_by
            return replace(
                was,
                state=FileState.TO_CHECK,
                handed_in_on=event.on,
                counts_on=without_the_desks(event.on, was.desk_days)
                if was.counts_on is None or missed
                else was.counts_on,
                correct_by=None,
                before=replace(was, before=None),
            )
        case FileAct.RECEIPT_UNDONE:
            if was.before is None:
                raise NotNow(event.act)
            return was.before
        case FileAct.REMINDED:
            return replace(was, reminders=was.reminders + 1)
        case FileAct.RETURNED:
            here = (event.on - was.handed_in_on).days if was.handed_in_on else 0
            returned = replace(was, state=FileState.RETURNED, correct_by=event.due_on, returns=was.returns + 1)
            return replace(returned, desk_days=was.desk_days + here, before=None)
        case FileAct.ACCEPTED:
            return replace(was, state=FileState.ACCEPTED, accepted_on=event.on, before=None)
        case FileAct.REOPENED:
            return replace(was, state=FileState.TO_CHECK, accepted_on=None)


def without_the_desks(day: date, desk_days: int) -> date:
    """The day as it counts against whoever handed the file in."""
    return day - timedelta(days=desk_days)


def days_over(*, begun: date, limit: int, counted: date | None, today: date) -> int:
    """Days beyond the limit on which the file came, or by today has not come; 0 when it is in time."""
    return max(0, ((counted or today) - begun).days - limit)


def correction_day(returned_on: date, calendar: Calendar) -> date:
    """The usual day by which a file sent back is to come back.

    :raises CalendarYearMissing: the imported calendar does not reach so far.
    """
    return add_workdays(returned_on, CORRECTION_WORKDAYS, calendar)


def check_day(handed_in_on: date, calendar: Calendar) -> date:
    """By when the desk looks at what came in. :raises CalendarYearMissing: as above."""
    return add_workdays(handed_in_on, CHECK_WORKDAYS, calendar)


# --- the catalogue -----------------------------------------------------------------------------------------------

# Papers of the default catalogues that every file holds: none can do without.
ALWAYS: Final = frozenset({"cover", "assign", "closing"})
# Papers that only come to be once the centre has taken the case on.
OF_THE_CASE: Final = frozenset({"assign", "authority", "meeting", "informing", "progress", "closing"})
JUDGMENT: Final = "judgment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper as the desk, or the system that keeps the binder, found it. `signed` is None where nobody looked."""

    code: str
    finding: Finding
    first: int | None = None
    last: int | None = None
    dated: date | None = None
    signed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDays:
    """What the register knows of the case. `last_page`: of the binder, None where nobody counted."""

    accepted_on: date
    handed_in_on: date
    judgment_received_on: date | None = None
    last_page: int | None = None


@dataclass(frozen=True, slots=True)
class Defect:
    paper: str
    kind: DefectKind


def unchecked(catalogue: Sequence[str], papers: Mapping[str, Paper]) -> list[str]:
    """Papers of which nobody said yet whether they are there, in the order of the catalogue."""
    return [code for code in catalogue if code not in papers]


def defects(catalogue: Sequence[str], papers: Mapping[str, Paper], days: CaseDays) -> list[Defect]:
    """What can be told from the typed catalogue alone, in its order; of papers nobody looked at nothing is said."""
    found: list[Defect] = []
    reached = 0
    taken: list[tuple[int, int]] = []
    for code in catalogue:
        paper = papers.get(code)
        if paper is None:
            continue
        if paper.finding == Finding.MISSING or (paper.finding == Finding.NOT_NEEDED and _needed(code, days)):
            found.append(Defect(code, DefectKind.MISSING))
        if paper.finding != Finding.PRESENT:
            continue
        found += [Defect(code, kind) for kind in _of_paper(paper, days)]
        if paper.first is not None and paper.last is not None:
            if any(paper.first <= last and first <= paper.last for first, last in taken):
                found.append(Defect(code, DefectKind.OVERLAP))
            elif paper.first < reached:
                found.append(Defect(code, DefectKind.DISORDER))
            taken.append((paper.first, paper.last))
            reached = max(reached, paper.first)
    return found


def _needed(code: str, days: CaseDays) -> bool:
    return code in ALWAYS or (code == JUDGMENT and days.judgment_received_on is not None)


def _of_paper(paper: Paper, days: CaseDays) -> list[DefectKind]:
    found = []
    if paper.signed is False:
        found.append(DefectKind.UNSIGNED)
    if paper.dated is not None and not _fits(paper, paper.dated, days):
        found.append(DefectKind.MISDATED)
    if days.last_page is not None and paper.last is not None and paper.last > days.last_page:
        found.append(DefectKind.BEYOND)
    return found


def _fits(paper: Paper, dated: date, days: CaseDays) -> bool:
    """Nothing is dated after the file came in; the case's own papers not before it began, a judgment not after it was
    served."""
    if dated > days.handed_in_on or (paper.code in OF_THE_CASE and dated < days.accepted_on):
        return False
    served = days.judgment_received_on
    return not (paper.code == JUDGMENT and served is not None and dated > served)


# --- what it tells the reader of the file ------------------------------------------------------------------------


# What F2 asks after; every other defect is of the order of the file, F3.
OF_COMPLETENESS: Final = frozenset({DefectKind.MISSING, DefectKind.INCOMPLETE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What acceptance found, for whoever marks the archive's items. `left` stood when the file was accepted."""

    days_late: int
    excused: bool
    found: frozenset[DefectKind] = frozenset()
    left: frozenset[DefectKind] = frozenset()


def suggested(record: Record) -> dict[str, Anchor]:
    """What the record speaks for on the items of archive quality (F1 in time, F2 complete, F3 in order).

    Never a mark: the reader gives that.
    """
    late = 0 if record.excused else record.days_late
    in_time = Anchor.FULL if not late else Anchor.PARTLY if late <= HALF_LATE_DAYS else Anchor.NONE
    rest = frozenset(DefectKind) - OF_COMPLETENESS
    return {"F1": in_time, "F2": _kept(record, OF_COMPLETENESS), "F3": _kept(record, rest)}


def _kept(record: Record, kinds: frozenset[DefectKind]) -> Anchor:
    if record.left & kinds:
        return Anchor.PARTLY
    return Anchor.MOSTLY if record.found & kinds else Anchor.FULL
