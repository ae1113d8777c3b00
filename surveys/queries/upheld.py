"""What a rule may count of complaints and of unhappy clients: numbers and days, never who said what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from qa_service.common.periods import Period
from qa_service.organisations.queries import today_at
from surveys import recovery as rules
from surveys.complaints import UPHELD
from surveys.enums import AlertKind, ComplaintState, Respondent
from surveys.models import Alert, Complaint

if TYPE_CHECKING:
    from qa_service.organisations.models import Organisation


A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class UpheldComplaint:
    """A statutory complaint that was found justified, and about which the complainant has been answered."""

    decided_on: date
    case_id: int


def upheld_against(lawyer_ids: Iterable[int]) -> dict[int, list[UpheldComplaint]]:
    """Complaints about these lawyers that their centres know: those which the bureau gave the centre to look into.

    What stays with the bureau, or came from a matter that bypasses the centre, is not among them: a sanction that the
    centre proposes must not tell of it.
    """
    known = _upheld().filter(case__lawyer__in=list(lawyer_ids), respondent=Respondent.LAWYER, with_centre=True)
    rows = known.exclude(source__for_bureau=True).order_by("decided_on", "pk")
    found: dict[int, list[UpheldComplaint]] = defaultdict(list)
    for lawyer_id, case_id, decided_on in rows.values_list("case__lawyer", "case", "decided_on"):
        if decided_on is not None:
            found[lawyer_id].append(UpheldComplaint(decided_on, case_id))
    return found


def cases_with_upheld_complaints(case_ids: Iterable[int]) -> set[int]:
    """Whoever keeps the complaint: for praise to wait on, which says of nothing why it waits. Not about the centre."""
    rows = _upheld().filter(case__in=list(case_ids)).exclude(respondent=Respondent.CENTRE)
    return set(rows.values_list("case", flat=True))


def _upheld() -> QuerySet[Complaint]:
    return Complaint.objects.filter(state=ComplaintState.REPLIED, outcome__in=UPHELD)


def bad_ratings_late(*, centre: "Organisation", period: Period, now: datetime) -> tuple[int, int]:
    """How many clients of the centre were unhappy in the period, and to how many of them nobody saw in time.

    In time: taken on by its day, and the client reached, or tried as often as is asked for, by theirs. Matters whose
    day has not come are not counted, nor what is sealed or the bureau's.
    """
    today = today_at(centre, now)
    raised = Alert.objects.filter(
        case__centre=centre, kind=AlertKind.RECOVERY, sealed=False, for_bureau=False, acknowledge_by__isnull=False
    ).select_related("recovery")
    # A day about the ends, for the zone of the centre; the exact day is looked at below.
    rows = raised.filter(raised_at__date__gte=period.start - A_DAY, raised_at__date__lte=period.end)
    found = [row for row in rows if period.start <= today_at(centre, row.raised_at) < period.end]
    late = [row for row in found if _late(row, centre, today)]
    due = [row for row in found if row in late or _over(row, today)]
    return len(due), len(late)


def _over(row: Alert, today: date) -> bool:
    """Nothing of it can become late any more."""
    return row.acknowledged_at is not None and (row.contact_by is None or row.contact_by < today or _seen_to(row))


def _seen_to(row: Alert) -> bool:
    recovery = getattr(row, "recovery", None)
    return (
        row.may_call is False
        or recovery is None
        or recovery.reached_at is not None
        or (recovery.attempts >= rules.MOST_ATTEMPTS)
    )


def _late(row: Alert, centre: "Organisation", today: date) -> bool:
    if row.acknowledge_by is None:
        return False
    taken_on = today_at(centre, row.acknowledged_at) if row.acknowledged_at else today
    if taken_on > row.acknowledge_by:
        return True
    recovery = getattr(row, "recovery", None)
    if row.contact_by is None or recovery is None or row.may_call is False:
        return False
    if recovery.reached_at is not None:
        return today_at(centre, recovery.reached_at) > row.contact_by
    return today > row.contact_by and recovery.attempts < rules.MOST_ATTEMPTS
