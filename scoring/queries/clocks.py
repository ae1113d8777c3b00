"""How one centre kept its own time limits, and beside them the one that its lawyers keep."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from django.db.models import QuerySet

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.cases.filing import counted_from
from qa_service.cases.models import Case
from qa_service.cases.queries import ClosedCases
from qa_service.organisations.models import CentreSettings, Organisation
from qa_service.organisations.queries import calendar
from reviews.queries import desk_times
from reviews.queries.lateness import day_handed_in
from scoring.enums import YearClock
from scoring.figures.clocks import ClockLine, Run, clock_line
from scoring.models.scores import STAFF_READERS
from surveys.enums import Clock
from surveys.queries import complaint_times

OF_COMPLAINTS = {
    Clock.ACCEPT: YearClock.COMPLAINT_ACCEPT,
    Clock.DECIDE: YearClock.COMPLAINT_DECIDE,
    Clock.REPLY: YearClock.COMPLAINT_REPLY,
}
FIELDS = (
    "accepted_on", "decided_on", "assigned_on", "closed_on", "judgment_received_on", "filed_on", "subsidy_paid_on",
    "file_acceptance__state", "file_acceptance__counts_on", "file_acceptance__correct_by",
    "file_acceptance__desk_days", "file_acceptance__accepted_on",
)  # fmt: skip


def clocks_of(user: User, centre: Organisation, cases: ClosedCases, *, today: date) -> Mapping[YearClock, ClockLine]:
    """Every clock, by cases that neither the person nor their firm handled; seven queries.

    Complaints are those received in the period; they have no type of case.
    """
    runs: dict[YearClock, list[Run]] = defaultdict(list)
    for clock, run in _of_cases(_seen(user, cases), centre.settings, today=today):
        runs[clock].append(run)
    known = calendar()
    for desk in desk_times(user, cases, calendar=known):
        runs[YearClock.FILE_CHECK].append(Run(desk.came_on, desk.due_on, desk.answered_on))
    for each in complaint_times(user, centre_id=centre.pk, period=cases.period, calendar=known):
        runs[OF_COMPLAINTS[each.clock]].append(Run(each.begun_on, each.due_on, each.ended_on))
    return {clock: clock_line(runs[clock], today=today) for clock in YearClock}


def _seen(user: User, cases: ClosedCases) -> QuerySet[Case]:
    reached = Case.objects.filter(within(user, "centre__path", *STAFF_READERS), cases.of())
    mine = own_work(user, lawyer="lawyer", firm="firm")
    return reached.exclude(mine).select_related("file_acceptance").only(*FIELDS).order_by()


def _of_cases(cases: QuerySet[Case], limits: CentreSettings, *, today: date) -> Iterator[tuple[YearClock, Run]]:
    """Where the day of the decision is not known, the assignment has the days of both."""
    decision, assignment = timedelta(days=limits.decision_limit_days), timedelta(days=limits.assignment_limit_days)
    filing, subsidy = timedelta(days=limits.filing_limit_days), timedelta(days=limits.subsidy_limit_days)
    for case in cases.iterator(chunk_size=2000):
        asked, decided = case.accepted_on, case.decided_on
        # What was closed was decided and assigned: a day that is missing was not written down.
        yield YearClock.DECISION, Run(asked if decided else None, asked + decision, decided)
        due = decided + assignment if decided else asked + decision + assignment
        yield YearClock.ASSIGNMENT, Run((decided or asked) if case.assigned_on else None, due, case.assigned_on)
        ended = counted_from(case.day_closed, case.judgment_received_on)
        row, came = getattr(case, "file_acceptance", None), day_handed_in(case, today=today)
        # One that is out to be put right had lain at the desk, which is no delay of its lawyer.
        here = timedelta(days=(row.desk_days or 0) if row and came is None else 0)
        yield YearClock.FILING, Run(ended, ended + filing + here, came)
        accepted = row.accepted_on if row else None
        if accepted is not None:
            yield YearClock.SUBSIDY, Run(accepted, accepted + subsidy, case.subsidy_paid_on)
