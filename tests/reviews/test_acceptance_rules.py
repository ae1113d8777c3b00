"""What follows what in the acceptance of a file, by which day it counts, and what a machine finds in its catalogue."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.common.workdays import Calendar, CalendarYearMissing
from reviews.acceptance import (
    FOLLOWS,
    CaseDays,
    Defect,
    Event,
    NotNow,
    Paper,
    Record,
    after,
    correction_day,
    days_over,
    defects,
    progress,
    suggested,
    unchecked,
)
from reviews.enums import Anchor, DefectKind, FileAct, FileState, Finding
from reviews.evidence import counted_day

DAY = date(2026, 11, 2)
HANDED_IN, UNDONE, REMINDED = FileAct.HANDED_IN, FileAct.RECEIPT_UNDONE, FileAct.REMINDED
RETURNED, ACCEPTED, REOPENED = FileAct.RETURNED, FileAct.ACCEPTED, FileAct.REOPENED


def on(day: int, act: FileAct, due: int | None = None) -> Event:
    return Event(act, DAY + timedelta(days=day), None if due is None else DAY + timedelta(days=due))


def test_what_may_follow_what() -> None:
    """Each line: what happened, and where the file stands; None where it cannot have happened so."""
    table: list[tuple[list[FileAct], FileState | None]] = [
        ([], FileState.AWAITED),
        ([REMINDED, REMINDED], FileState.AWAITED),
        ([HANDED_IN], FileState.TO_CHECK),
        ([HANDED_IN, UNDONE], FileState.AWAITED),
        ([HANDED_IN, RETURNED], FileState.RETURNED),
        ([HANDED_IN, RETURNED, REMINDED], FileState.RETURNED),
        ([HANDED_IN, RETURNED, HANDED_IN, UNDONE], FileState.RETURNED),
        ([HANDED_IN, RETURNED, HANDED_IN, ACCEPTED], FileState.ACCEPTED),
        ([HANDED_IN, ACCEPTED, REOPENED], FileState.TO_CHECK),
        ([HANDED_IN, ACCEPTED, REOPENED, RETURNED], FileState.RETURNED),
        ([ACCEPTED], None),
        ([RETURNED], None),
        ([HANDED_IN, HANDED_IN], None),
        ([HANDED_IN, UNDONE, UNDONE], None),
        ([HANDED_IN, REMINDED], None),
        ([HANDED_IN, ACCEPTED, RETURNED], None),
        ([HANDED_IN, ACCEPTED, ACCEPTED], None),
        ([HANDED_IN, ACCEPTED, REOPENED, UNDONE], None),
        ([REOPENED], None),
    ]
    for acts, state in table:
        events = [on(n, act, n + 5 if act == RETURNED else None) for n, act in enumerate(acts)]
        if state is None:
            with pytest.raises(NotNow):
                progress(events)
        else:
            assert progress(events).state == state, acts


def test_the_day_that_counts() -> None:
    """Each line: events, today, the day that counts. Days are counted from `DAY`."""
    first, back = on(0, HANDED_IN), on(2, RETURNED, 9)
    table: list[tuple[list[Event], int, int | None]] = [
        ([], 50, None),
        ([first], 50, 0),
        ([first, back], 9, 0),  # out, and its day has not passed
        ([first, back], 10, None),  # out beyond its day: it is not there
        ([first, back, on(9, HANDED_IN)], 50, 0),
        ([first, back, on(10, HANDED_IN)], 50, 8),  # back too late: from then, but for two days at the desk
        ([first, back, on(10, HANDED_IN), on(11, RETURNED, 20), on(20, HANDED_IN)], 50, 8),
        ([first, back, on(10, HANDED_IN), on(14, RETURNED, 20), on(21, HANDED_IN)], 50, 15),  # two and four
        ([first, back, on(3, HANDED_IN), on(5, UNDONE), on(10, HANDED_IN)], 50, 8),  # it had not lain there
        ([first, back, on(10, HANDED_IN), on(11, UNDONE)], 50, None),  # it never came back
        ([first, back, on(3, HANDED_IN), on(4, ACCEPTED)], 50, 0),
        ([first, on(1, UNDONE), on(7, HANDED_IN)], 50, 7),
    ]
    for events, today, counted in table:
        found = progress(events)
        day = counted_day(counts_on=found.counts_on, correct_by=found.correct_by, today=DAY + timedelta(days=today))
        assert day == (None if counted is None else DAY + timedelta(days=counted)), events


@given(st.data())
def test_however_a_file_goes_it_holds_together(data: st.DataObject) -> None:
    found, day, receipts = progress([]), DAY, []
    for _turn in range(data.draw(st.integers(0, 12))):
        act = data.draw(st.sampled_from(sorted(FOLLOWS[found.state])))
        day += timedelta(days=data.draw(st.integers(0, 9)))
        due = day + timedelta(days=data.draw(st.integers(1, 9))) if act == RETURNED else None
        try:
            found = after(found, Event(act, day, due))
        except NotNow:
            assert act == UNDONE  # the only act that also depends on what came before the state
            continue
        receipts += [day] if act == HANDED_IN else []
        assert (found.state == FileState.AWAITED) == (found.handed_in_on is None) == (found.counts_on is None)
        assert (found.state == FileState.RETURNED) == (found.correct_by is not None)
        assert (found.state == FileState.ACCEPTED) == (found.accepted_on is not None)
        if found.counts_on is not None and found.handed_in_on is not None:
            assert found.counts_on <= found.handed_in_on
            assert found.handed_in_on in receipts
            assert receipts[0] <= found.counts_on


@given(st.integers(1, 365), st.integers(0, 500))
def test_a_file_is_late_from_the_day_after_its_limit(limit: int, days: int) -> None:
    came = DAY + timedelta(days=days)
    late = days_over(begun=DAY, limit=limit, counted=came, today=came)
    assert late == days_over(begun=DAY, limit=limit, counted=None, today=came) == max(0, days - limit)


def test_a_correction_is_due_by_working_days_and_never_guessed() -> None:
    holidays = {date(2026, 11, 4): False, date(2026, 11, 7): True}  # a Wednesday off, its Saturday worked
    calendar = Calendar(frozenset({2026}), holidays)
    assert correction_day(date(2026, 11, 2), calendar) == date(2026, 11, 9)
    with pytest.raises(CalendarYearMissing):
        correction_day(date(2026, 12, 28), calendar)


DAYS = CaseDays(
    accepted_on=date(2026, 5, 1),
    handed_in_on=date(2026, 11, 15),
    judgment_received_on=date(2026, 11, 1),
    last_page=40,
)
CATALOGUE = ["cover", "authority", "applications", "judgment"]


def there(code: str, pages: str = "", **more: object) -> Paper:
    first, _dash, last = pages.partition("-")
    return Paper(
        code=code,
        finding=Finding.PRESENT,
        first=int(first) if first else None,
        last=int(last or first) if first else None,
        **more,  # type: ignore[arg-type]
    )


def test_what_a_machine_finds_in_the_catalogue() -> None:
    missing, not_needed = Finding.MISSING, Finding.NOT_NEEDED
    table: list[tuple[Paper, DefectKind | None]] = [
        (there("authority", "3-4"), None),
        (there("authority"), None),
        (Paper(code="authority", finding=missing), DefectKind.MISSING),
        (Paper(code="applications", finding=not_needed), None),
        (Paper(code="cover", finding=not_needed), DefectKind.MISSING),  # no file does without
        (Paper(code="judgment", finding=not_needed), DefectKind.MISSING),  # the register knows of one
        (there("authority", signed=True), None),
        (there("authority", signed=False), DefectKind.UNSIGNED),
        (there("authority", dated=date(2026, 5, 1)), None),
        (there("authority", dated=date(2026, 4, 30)), DefectKind.MISDATED),  # before the centre took the case on
        (there("applications", dated=date(2020, 1, 1)), None),  # evidence may be older than the case
        (there("applications", dated=date(2026, 11, 16)), DefectKind.MISDATED),  # after the file came in
        (there("judgment", dated=date(2026, 11, 1)), None),
        (there("judgment", dated=date(2026, 11, 2)), DefectKind.MISDATED),  # after it was served
        (there("authority", "40-40"), None),
        (there("authority", "40-41"), DefectKind.BEYOND),
    ]
    for paper, kind in table:
        found = defects(CATALOGUE, {paper.code: paper}, DAYS)
        assert found == ([] if kind is None else [Defect(paper.code, kind)]), paper


def test_pages_stand_in_the_order_of_the_catalogue_and_belong_to_one_paper() -> None:
    table: list[tuple[dict[str, str], list[Defect]]] = [
        ({"cover": "1-2", "authority": "3-6", "judgment": "20"}, []),
        ({"cover": "1-2", "authority": "2-6"}, [Defect("authority", DefectKind.OVERLAP)]),
        ({"cover": "9", "authority": "3-6", "judgment": "20"}, [Defect("authority", DefectKind.DISORDER)]),
        ({"cover": "1", "authority": "20", "applications": "5", "judgment": "7"},
         [Defect("applications", DefectKind.DISORDER), Defect("judgment", DefectKind.DISORDER)]),
    ]  # fmt: skip
    for pages, found in table:
        papers = {code: there(code, typed) for code, typed in pages.items()}
        assert defects(CATALOGUE, papers, DAYS) == found
        assert unchecked(CATALOGUE, papers) == [code for code in CATALOGUE if code not in pages]


def test_what_the_record_says_of_archive_quality() -> None:
    missing, unsigned = frozenset({DefectKind.MISSING}), frozenset({DefectKind.UNSIGNED})
    full, mostly, partly, none = Anchor.FULL, Anchor.MOSTLY, Anchor.PARTLY, Anchor.NONE
    table = [
        (Record(days_late=0, excused=False), (full, full, full)),
        (Record(days_late=1, excused=False), (partly, full, full)),
        (Record(days_late=30, excused=False), (partly, full, full)),
        (Record(days_late=31, excused=False), (none, full, full)),
        (Record(days_late=31, excused=True), (full, full, full)),
        (Record(days_late=0, excused=False, found=missing), (full, mostly, full)),
        (Record(days_late=0, excused=False, found=missing, left=missing), (full, partly, full)),
        (Record(days_late=0, excused=False, found=unsigned | missing, left=unsigned), (full, mostly, partly)),
    ]
    for record, anchors in table:
        assert tuple(suggested(record).values()) == anchors
