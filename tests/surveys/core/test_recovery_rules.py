"""The way of an unhappy client's matter and of a complaint, as tables."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.common.workdays import Calendar
from surveys import complaints, recovery
from surveys.enums import Clock, ComplaintAct, ComplaintState, Level, RecoveryAct, RecoveryState
from surveys.recovery import Days, Standing

A, S = RecoveryAct, RecoveryState
WORKED = Calendar(years=frozenset({2026, 2027}))
UNTIL_NEW_YEAR = Calendar(years=frozenset({2026}))


@pytest.mark.parametrize(
    ("standing", "open_acts"),
    [
        (Standing(S.OPEN), (A.TAKE,)),
        (Standing(S.OPEN, may_contact=False), (A.LET_BE,)),
        (Standing(S.TAKEN), (A.MISS, A.REACH)),
        (Standing(S.TAKEN, may_contact=False), (A.LET_BE,)),
        (Standing(S.TAKEN, attempts=2), (A.MISS, A.REACH)),
        (Standing(S.TAKEN, attempts=3), (A.MISS, A.REACH, A.VERIFY)),
        (Standing(S.CONTACTED, reached=True), (A.VERIFY, A.CONVERT)),
        (Standing(S.CONTACTED, reached=True, may_contact=False), (A.VERIFY, A.CONVERT)),
        (Standing(S.VERIFIED, reached=True), (A.FIX, A.CONVERT)),
        (Standing(S.VERIFIED, attempts=3), (A.REACH, A.FIX)),
        (Standing(S.FIXED, reached=True), (A.TELL, A.CONVERT)),
        (Standing(S.FIXED, attempts=3), (A.REACH, A.SEND_BACK, A.SIGN_OFF)),
        (Standing(S.TOLD, reached=True), (A.ASK, A.CONVERT)),
        (Standing(S.ASKED, reached=True, answer_open=True), (A.SEND_BACK, A.CONVERT)),
        (Standing(S.ASKED, reached=True), (A.SEND_BACK, A.SIGN_OFF, A.CONVERT)),
        (Standing(S.CLOSED, reached=True), ()),
    ],
)
def test_which_step_may_follow(standing, open_acts):
    assert recovery.open_acts(standing) == open_acts


def test_nobody_is_signed_off_who_was_spoken_with_and_never_told():
    """Whatever the order of steps: a client who was reached is told before the matter ends, or it is a complaint."""
    frontier, seen = [(Standing(S.OPEN), False)], set()
    while frontier:
        standing, told = frontier.pop()
        if (standing, told) in seen:
            continue
        seen.add((standing, told))
        for act in recovery.open_acts(standing):
            state = recovery.after(standing, act)
            attempts = min(standing.attempts + (act is A.MISS), 4)
            reached = standing.reached or act is A.REACH
            after = Standing(state, True, attempts, reached)
            if state is S.CLOSED and reached and act is not A.CONVERT:
                assert told
            frontier.append((after, told or act is A.TELL))
    assert {standing.state for standing, _told in seen} == set(S)


def test_a_step_out_of_turn_is_refused():
    with pytest.raises(recovery.ActNotOpen):
        recovery.after(Standing(S.OPEN), A.SIGN_OFF)


def test_each_day_that_is_known_is_given_though_the_next_year_is_missing():
    due = recovery.due_days(date(2026, 12, 29), Days(1, 5, 15), UNTIL_NEW_YEAR)

    assert due == {Clock.ACKNOWLEDGE: date(2026, 12, 30), Clock.CONTACT: None, Clock.SETTLE: None}


@given(st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.integers(1, 20), st.integers(0, 20), st.integers(0, 20))
def test_days_of_one_matter_stand_in_order(start, first, more, still_more):
    days = Days(first, first + more, first + more + still_more)

    due = [day for day in recovery.due_days(start, days, WORKED).values() if day is not None]

    assert len(due) == 3

    assert due == sorted(due)
    assert due[0] > start


@pytest.mark.parametrize(
    ("standing", "clocks"),
    [
        (Standing(S.OPEN), {Clock.ACKNOWLEDGE, Clock.CONTACT, Clock.SETTLE}),
        (Standing(S.TAKEN), {Clock.CONTACT, Clock.SETTLE}),
        (Standing(S.TAKEN, attempts=3), {Clock.SETTLE}),
        (Standing(S.VERIFIED, reached=True), {Clock.SETTLE}),
        (Standing(S.FIXED, reached=True), {Clock.SETTLE}),
        (Standing(S.FIXED, attempts=3), set()),
        (Standing(S.TOLD, reached=True), set()),
        (Standing(S.CLOSED, reached=True), set()),
    ],
)
def test_which_clocks_still_run(standing, clocks):
    assert recovery.running(standing) == clocks


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2026, 11, 20), ()),
        (date(2026, 11, 21), (Level.MANAGER,)),
        # Three working days later: Monday to Wednesday.
        (date(2026, 11, 25), (Level.MANAGER,)),
        (date(2026, 11, 26), (Level.MANAGER, Level.BUREAU)),
    ],
)
def test_the_manager_hears_of_a_missed_day_at_once_and_the_bureau_after_three_more(today, told):
    due = {Clock.ACKNOWLEDGE: date(2026, 11, 20)}

    found = recovery.late(due, frozenset({Clock.ACKNOWLEDGE}), today=today, bureau_after=3, calendar=WORKED)

    assert tuple(level for _clock, level in found) == told


def test_a_missing_calendar_keeps_nobody_from_hearing():
    due = {Clock.SETTLE: date(2026, 12, 31)}

    found = recovery.late(
        due, frozenset({Clock.SETTLE}), today=date(2027, 1, 6), bureau_after=3, calendar=UNTIL_NEW_YEAR
    )

    assert found == ((Clock.SETTLE, Level.MANAGER), (Clock.SETTLE, Level.BUREAU))


def test_a_second_question_is_told_from_the_first():
    assert [recovery.is_second(wave) for wave in ("recovery", recovery.wave(matter=7, turn=2), "closing")] == [
        True,
        True,
        False,
    ]


C, T = ComplaintAct, ComplaintState


@pytest.mark.parametrize(
    ("state", "asked_more", "extended", "acts"),
    [
        (T.RECEIVED, False, False, {C.ASSIGN, C.NOTE, C.ASK_MORE, C.ACCEPT, C.REFUSE, C.WITHDRAW, C.MERGE}),
        (T.RECEIVED, True, False, {C.ASSIGN, C.NOTE, C.ACCEPT, C.REFUSE, C.WITHDRAW, C.MERGE}),
        (T.SUPPLEMENT, True, False, {C.ASSIGN, C.NOTE, C.COMPLETE, C.REFUSE, C.WITHDRAW, C.MERGE}),
        (T.ACCEPTED, False, False, {C.ASSIGN, C.NOTE, C.EXTEND, C.DECIDE, C.WITHDRAW, C.MERGE}),
        (T.ACCEPTED, False, True, {C.ASSIGN, C.NOTE, C.DECIDE, C.WITHDRAW, C.MERGE}),
        (T.DECIDED, False, False, {C.NOTE, C.REPLY}),
        *[(state, False, False, set()) for state in sorted(complaints.OVER)],
    ],
)
def test_which_step_of_a_complaint_may_follow(state, asked_more, extended, acts):
    assert set(complaints.open_acts(state, asked_more=asked_more, extended=extended)) == acts


def test_the_clocks_of_a_complaint():
    rules = complaints.Rules(accept_days=5, decide_days=45, extend_days=30, reply_days=5)
    dates = complaints.Dates(
        received_on=date(2026, 9, 1),
        completed_on=date(2026, 9, 10),
        accepted_on=date(2026, 9, 14),
        decided_on=date(2026, 10, 30),
    )

    due = complaints.due(dates, rules, WORKED)
    extended = complaints.due(complaints.Dates(date(2026, 9, 1), None, date(2026, 9, 14), None, True), rules, WORKED)

    assert due == {
        Clock.ACCEPT: date(2026, 9, 17),
        Clock.DECIDE: date(2026, 10, 29),
        Clock.REPLY: date(2026, 11, 6),
    }
    assert extended[Clock.DECIDE] == date(2026, 11, 28)
