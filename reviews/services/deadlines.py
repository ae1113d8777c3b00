"""Deadlines in working days of the imported calendar."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_service.common.errors import Conflict
from qa_service.common.workdays import CalendarYearMissing, add_workdays
from qa_service.organisations.queries import calendar

REVIEW_DAYS = 10
VETO_ANSWER_DAYS = 5
OBJECTION_DAYS = 10
OBJECTION_DECISION_DAYS = 15


class CalendarMissing(Conflict):
    code = "calendar_year_missing"


def today(now: datetime) -> date:
    return timezone.localdate(now)


def workdays_after(now: datetime, count: int) -> date:
    """The last day of a term of `count` working days that begins today.

    :raises CalendarMissing: the official notice of holidays of a year in between was not imported.
    """
    try:
        return add_workdays(today(now), count, calendar())
    except CalendarYearMissing as missing:
        raise CalendarMissing(
            _("The calendar of %(year)s has not been imported, so the deadline cannot be worked out.")
            % {"year": missing.year}
        ) from missing


def workdays_if_known(now: datetime, count: int) -> date | None:
    """As `workdays_after`; None where the calendar does not reach so far.

    For those who cannot mend it, a reader who submits or a lawyer who objects: what they do is kept, and a sweep sets
    the day when the calendar is there.
    """
    try:
        return add_workdays(today(now), count, calendar())
    except CalendarYearMissing:
        return None
