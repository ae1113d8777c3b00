"""A reader who is found to be tied to the case, or whom its lawyer refused in time: their marks carry no result.

The file comes back. What they marked stays where it is, locked; the turn in which they read it is given to another.
"""

from datetime import datetime

from django.utils.translation import gettext_noop

from qa_service.accounts.queries import users_of_lawyers
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.services.evidence import evidence_changed
from qa_service.notifications.services import notify
from reviews.enums import AssignmentState, ConflictReason
from reviews.models import Assignment, CaseReview
from reviews.queries.reviewers import tied_readers
from reviews.queries.tied import refused_in_advance
from reviews.services.returns import CAME_BACK, tell_who_gives_out

CHECKER = Actor.system("reviews.standing_down")
TIED = gettext_noop("The reader has a tie to the lawyer or firm of this case: their marks do not stand.")
REFUSED = gettext_noop("The lawyer's objection to a reader was upheld: their marks do not stand.")
NOBODY_LEFT = "no reader is left whose marks could carry it"


def stand_down_readers(case: Case, *, now: datetime) -> int:
    """Of those who handed in their marks; returns how many. In a transaction that holds the case."""
    submitted = Assignment.objects.filter(case=case, state=AssignmentState.SUBMITTED).select_related("reviewer")
    rows = list(submitted.order_by("order"))
    tied = tied_readers(case, [row.reviewer for row in rows])
    refused = set(refused_in_advance().filter(case=case).values_list("pk", flat=True))
    gone = [row for row in rows if row.reviewer_id in tied or row.pk in refused]
    for row in gone:
        ties = tied.get(row.reviewer_id, (ConflictReason.OBJECTED_TO,))
        row.closing_reason = TIED if row.reviewer_id in tied else REFUSED
        row.state, row.closed_at = AssignmentState.RETURNED, now
        row.save(update_fields=["state", "closing_reason", "closed_at"])
        details = {"ties": sorted(ties)}
        record(actor=CHECKER, action="reviews.reader_stood_down", subject=row, details=details, at=now)
        tell_who_gives_out(row, CAME_BACK, None, now)
    return len(gone)


def take_out_of_force(case: Case, result: CaseReview | None, *, now: datetime) -> None:
    """Nobody is left whose marks could carry a result. A lawyer who was told hears that it does not stand."""
    if result is None:
        return
    CaseReview.objects.filter(pk=result.pk).update(superseded_at=now)
    record(actor=CHECKER, action="reviews.result_taken_out", subject=result, details={"reason": NOBODY_LEFT}, at=now)
    evidence_changed(case.pk)
    if result.told:
        notify(
            users=users_of_lawyers([case.lawyer_id]),
            text=gettext_noop("The review of your file %(case)s does not stand: another reader reads it again."),
            params={"case": case.number},
            url="/reviews/results",
            now=now,
        )
