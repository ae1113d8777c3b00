"""Files that came late or have not come, and the reasons for it that were accepted."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.cases.filing import counted_from
from qa_service.cases.models import Case
from qa_service.organisations.models import CentreSettings
from qa_service.organisations.queries import on_the_day_there, today_at
from reviews.acceptance import days_over, without_the_desks
from reviews.enums import MANAGING
from reviews.evidence import FileEvidence, counted_day
from reviews.models import AcceptedLateness, FileAcceptance

WEIGHED_FOR = timedelta(days=730)


def accepted_lateness(case_ids: Iterable[int]) -> frozenset[int]:
    """Those of the cases whose lateness is excused; one query."""
    found = AcceptedLateness.objects.filter(case__in=list(case_ids), withdrawn_at=None)
    return frozenset(found.values_list("case_id", flat=True))


def days_late(case: Case, *, now: datetime) -> int:
    """Days over the centre's limit on which the file came, or by today has not come; 0 when it is in time."""
    today, row = today_at(case.centre, now), getattr(case, "file_acceptance", None)
    begun, came = counted_from(case.day_closed, case.judgment_received_on), day_handed_in(case, today=today)
    not_come = without_the_desks(today, (row.desk_days if row else None) or 0)
    return days_over(begun=begun, limit=filing_limit(case), counted=came, today=not_come)


def day_handed_in(case: Case, *, today: date) -> date | None:
    """The day on which the file counts as handed in: by the record of its acceptance, else as the case system says.

    Fetch `file_acceptance` with the case where there are many.
    """
    row = getattr(case, "file_acceptance", None)
    if row is None or row.counts_on is None:
        return case.filed_on
    return counted_day(counts_on=row.counts_on, correct_by=row.correct_by, today=today)


def last_day_to_hand_in(case: Case) -> date:
    """The last day on which the file comes in time."""
    return counted_from(case.day_closed, case.judgment_received_on) + timedelta(days=filing_limit(case))


def file_evidence(case_ids: Iterable[int]) -> dict[int, FileEvidence]:
    """When the files of these cases came in, of those whose receipt is on record here; one query."""
    found = FileAcceptance.objects.filter(case__in=list(case_ids), counts_on__isnull=False)
    rows = found.values_list("case_id", "counts_on", "correct_by", "desk_days")
    return {
        case_id: FileEvidence(counts_on, correct_by, desk_days or 0)
        for case_id, counts_on, correct_by, desk_days in rows
        if counts_on
    }


def filing_limit(case: Case) -> int:
    """Days within which the file of the case is due at its centre."""
    settings = getattr(case.centre, "settings", None)
    return settings.filing_limit_days if settings else CentreSettings().filing_limit_days


def cases_excused_by(user: User) -> QuerySet[Case]:
    """Cases about whose lateness this person may decide: their subtree's, never their own or their firm's."""
    seen = Case.objects.filter(within(user, "centre__path", *MANAGING))
    return seen.exclude(own_work(user, lawyer="lawyer", firm="firm")).select_related(
        "centre__settings", "lawyer", "firm", "file_acceptance"
    )


def late_files(user: User, *, now: datetime) -> list[tuple[Case, int, AcceptedLateness | None]]:
    """Late files with their days over the limit and the reason in force, those without a reason and the latest first.

    Of the last two years: what was weighed before is history.
    """
    shortest = min(CentreSettings.objects.values_list("filing_limit_days", flat=True), default=0)
    # Coarse in SQL, exact in Python: the limit is each centre's own and counts from the later of two days.
    late = on_the_day_there(now, "centre", lambda day: _perhaps_late(day, timedelta(days=shortest)))
    found = cases_excused_by(user).filter(late)
    rows = [(case, days_late(case, now=now)) for case in found.defer("client").order_by("closed_on", "pk")]
    late_rows = [(case, days) for case, days in rows if days]
    in_force = AcceptedLateness.objects.filter(withdrawn_at=None, case__in=[case.pk for case, _days in late_rows])
    reasons = {row.case_id: row for row in in_force.select_related("accepted_by")}
    listed = [(case, days, reasons.get(case.pk)) for case, days in late_rows]
    return sorted(listed, key=lambda row: (row[2] is not None, -row[1], row[0].pk))


def _perhaps_late(today: date, limit: timedelta) -> Q:
    here, out = "file_acceptance__counts_on", Q(file_acceptance__correct_by__lt=today)
    missing = (Q(**{here: None}, filed_on=None) | out) & Q(closed_on__lt=today - limit)
    came_late = Q(**{here: None}, filed_on__gt=F("closed_on") + limit) | Q(**{f"{here}__gt": F("closed_on") + limit})
    return (missing | came_late) & Q(closed_on__gte=today - WEIGHED_FOR)
