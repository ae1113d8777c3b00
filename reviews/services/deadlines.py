"""Deadlines in working days of the imported calendar, counted from a day of the centre's own."""

from datetime import date

from qa_service.common.workdays import CalendarYearMissing, add_workdays
from qa_service.organisations.queries import calendar

REVIEW_DAYS = 10
VETO_ANSWER_DAYS = 5
OBJECTION_DAYS = 10
OBJECTION_DECISION_DAYS = 15


def workdays_if_known(start: date, count: int) -> date | None:
    """The last day of a term of `count` working days that begins on `start`; None where the calendar ends before it.

    Nobody who marks, objects or gives files out can mend a missing calendar: what they do is kept, and a sweep sets the
    day when the official notice of holidays is there.
    """
    try:
        return add_workdays(start, count, calendar())
    except CalendarYearMissing:
        return None
