"""How the clocks of complaints were kept: acceptance, decision, reply."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from qa_service.accounts.models import User
from qa_service.common.periods import Period
from qa_service.common.workdays import Calendar
from surveys import complaints
from surveys.enums import Clock, ComplaintState
from surveys.models import Complaint, ComplaintRules

# What ended before it was taken up has no clock that anybody could have kept.
WITHOUT_CLOCKS = (ComplaintState.WITHDRAWN, ComplaintState.MERGED)


@dataclass(frozen=True, slots=True)
class ComplaintTime:
    """One clock that has begun. `due_on` is None where the calendar of working days does not reach so far."""

    clock: Clock
    begun_on: date
    due_on: date | None
    ended_on: date | None


def complaint_times(
    user: User, *, centre_id: int | None, period: Period | None, calendar: Calendar
) -> Iterator[ComplaintTime]:
    """Of complaints received in the period that the person sees, never one about their own work; two queries."""
    rows = Complaint.objects.visible_to(user).exclude(state__in=WITHOUT_CLOCKS)
    if centre_id is not None:
        rows = rows.filter(centre=centre_id)
    if period is not None:
        rows = rows.filter(received_on__gte=period.start, received_on__lt=period.end)
    rules = {each.bureau_id: each.rules for each in ComplaintRules.objects.all()}
    for row in rows.order_by():
        yield from _times(row, rules.get(row.bureau_id, complaints.Rules()), calendar)


def _times(row: Complaint, rules: complaints.Rules, calendar: Calendar) -> Iterator[ComplaintTime]:
    """A refusal answers the complaint as acceptance does; its day is not kept, so that nothing is said of it."""
    due = complaints.due(row.dates, rules, calendar)
    begun = row.completed_on or (None if row.asked_more_on else row.received_on)
    if begun is not None and row.state != ComplaintState.REFUSED:
        yield ComplaintTime(Clock.ACCEPT, begun, due[Clock.ACCEPT], row.accepted_on)
    if row.accepted_on is not None:
        yield ComplaintTime(Clock.DECIDE, row.accepted_on, due[Clock.DECIDE], row.decided_on)
    if row.decided_on is not None:
        yield ComplaintTime(Clock.REPLY, row.decided_on, due[Clock.REPLY], row.reply_sent_on)
