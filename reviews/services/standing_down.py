"""A reader who turns out to be tied to the case: their marks carry no result any more, and the file comes back.

What they marked stays where it is, locked; the turn in which they read it is given to somebody else.
"""

from datetime import datetime

from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_with, users_of_lawyers
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.services.evidence import evidence_changed
from qa_service.notifications.services import notify
from reviews.enums import AssignmentState
from reviews.models import Assignment, CaseReview
from reviews.queries.reviewers import tied_readers

CHECKER = Actor.system("reviews.standing_down")
TIED = gettext_noop("The reader has a tie to the lawyer or firm of this case: their marks do not stand.")


def stand_down_tied_readers(case: Case, *, now: datetime) -> int:
    """Of those who handed in their marks; returns how many. In a transaction that holds the case."""
    submitted = Assignment.objects.filter(case=case, state=AssignmentState.SUBMITTED).select_related("reviewer")
    rows = list(submitted.order_by("order"))
    tied = tied_readers(case, [row.reviewer for row in rows])
    gone = [row for row in rows if row.reviewer_id in tied]
    for row in gone:
        row.state, row.closing_reason, row.closed_at = AssignmentState.RETURNED, TIED, now
        row.save(update_fields=["state", "closing_reason", "closed_at"])
        details = {"ties": sorted(tied[row.reviewer_id])}
        record(actor=CHECKER, action="reviews.reader_stood_down", subject=row, details=details, at=now)
        notify(
            users=people_with(Role.MANAGER, case.centre),
            text=gettext_noop("The file %(case)s has come back from its reader. Give it to another."),
            params={"case": case.number},
            url="/reviews/assignments?left=1",
            now=now,
        )
    return len(gone)


def take_out_of_force(case: Case, result: CaseReview | None, *, now: datetime) -> None:
    """Nobody is left whose marks could carry a result. A lawyer who was told hears that it does not stand."""
    if result is None:
        return
    CaseReview.objects.filter(pk=result.pk).update(superseded_at=now)
    record(actor=CHECKER, action="reviews.result_taken_out", subject=result, details={"reason": TIED}, at=now)
    evidence_changed(case.pk)
    if result.told:
        notify(
            users=users_of_lawyers([case.lawyer_id]),
            text=gettext_noop("The review of your file %(case)s does not stand: another reader reads it again."),
            params={"case": case.number},
            url="/reviews/results",
            now=now,
        )
