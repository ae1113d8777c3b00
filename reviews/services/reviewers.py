"""The list of reviewers: on what terms each reviews, to whom a lawyer objects, and whom each may not judge."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with, users_of_lawyers
from qa_service.audit.services import record
from qa_service.cases.enums import CaseType
from qa_service.cases.models import Case
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.notifications.services import notify
from qa_service.organisations.models import Firm, Lawyer, Organisation
from qa_service.organisations.queries import today_at
from reviews.enums import ACTIVE_ASSIGNMENTS, AssignmentState, ReviewerObjectionState
from reviews.models import Assignment, KnownTie, ReviewerObjection, ReviewerTerms
from reviews.models.reviewers import MOST_FILES
from reviews.queries.reviewers import lawyer_tied_to
from reviews.queries.tied import refused_in_advance
from reviews.services.assignments import NotTheirsToGive, require_untied
from reviews.services.returns import OBJECTION_UPHELD, take_back
from reviews.services.standing_down import REFUSED
from reviews.services.telling import make_anew
from reviews.services.words import whole

WORDS = 500
FIRST_DAY = date(1950, 1, 1)


class ObjectedBefore(Conflict):
    code = "objected_before"


class ObjectionDecided(Conflict):
    code = "objection_decided"


class TieKnown(Conflict):
    code = "tie_known"


@transaction.atomic
def set_terms(
    *,
    reviewer: User,
    capacity: int,
    case_types: Collection[str],
    practising_since: date | None,
    user: User,
    now: datetime,
) -> ReviewerTerms:
    """On what terms this person reviews from now on. Files they hold already stay with them.

    :param case_types: none: every type.
    :raises InvalidInput: a number or a day that cannot be meant, or a type that there is not.
    """
    if not 0 <= capacity <= MOST_FILES:
        raise InvalidInput(_("Between 0 and %(most)s files.") % {"most": MOST_FILES}, field="capacity")
    unknown = set(case_types) - set(CaseType.values)
    if unknown:
        raise InvalidInput(_("This type of case is not known."), field="case_types")
    if practising_since is not None and not FIRST_DAY <= practising_since <= now.date():
        raise InvalidInput(_("This day lies after today, or too far back."), field="practising_since")
    types = [kind for kind in CaseType.values if kind in case_types]
    fields = {"capacity": capacity, "case_types": types, "practising_since": practising_since}
    row, _made = ReviewerTerms.objects.update_or_create(
        reviewer=reviewer, defaults=fields | {"set_by": user, "set_at": now}
    )
    details = {"capacity": capacity, "case_types": types, "practising_since": str(practising_since or "")}
    record(actor=user.actor, action="reviews.reviewer_terms_set", subject=row, details=details, at=now)
    return row


@transaction.atomic
def object_to_reviewer(
    *,
    reviewer: User,
    lawyer: Lawyer,
    reason: str,
    centre: Organisation,
    received_on: date | None = None,
    entered_by: User | None = None,
    user: User,
    now: datetime,
) -> ReviewerObjection:
    """A lawyer objects in advance to somebody of the list: from now on no file of theirs is given to that person.

    Files that are given out already stay where they are until it is decided, so that nobody learns who reads by asking.

    :param entered_by: it came on paper on `received_on`, and this manager of the `centre` enters it.
    :raises ObjectedBefore: one of theirs to the same person stands.
    :raises InvalidInput: no reason, or no day of receipt on paper.
    """
    why = whole(reason, limit=WORDS, field="reason")
    if not why:
        raise InvalidInput(_("Say why you object."), field="reason")
    if entered_by is not None:
        received_on = required_day(
            received_on,
            first=FIRST_DAY,
            last=today_at(centre, now),
            field="received_on",
            missing=_("Enter the day on which the objection was received."),
            outside=_("The day of receipt lies after today, or too far back."),
        )
    try:
        with transaction.atomic():
            row = ReviewerObjection.objects.create(
                reviewer=reviewer,
                lawyer=lawyer,
                reason=why,
                lodged_at=now,
                received_on=received_on if entered_by else None,
                entered_by=entered_by,
            )
    except IntegrityError as error:
        raise ObjectedBefore(_("An objection to this reviewer stands already.")) from error
    record(actor=user.actor, action="reviews.reviewer_objected_to", subject=row, at=now)
    notify(
        users=people_with(Role.MANAGER, centre),
        text=gettext_noop("A lawyer objects to a reviewer of the list. Decide it."),
        params={},
        url="/reviews/reviewers#objections",
        now=now,
    )
    return row


@transaction.atomic
def decide_reviewer_objection(
    *, objection: ReviewerObjection, upheld: bool, answer: str, user: User, now: datetime
) -> ReviewerObjection:
    """Uphold it or not, with reasons. Upheld, open files of the lawyer come back from that reviewer at once.

    What the reviewer has handed in of them carries nothing any more and goes to another, unless it was released before
    the lawyer objected (`refused_in_advance`).

    :raises ObjectionDecided: it is; :raises InvalidInput: no reasons are given.
    :raises NotTheirsToGive: `user` is the reviewer, or tied to the lawyer.
    """
    why = whole(answer, limit=WORDS, field="answer")
    if not why:
        raise InvalidInput(_("Say why it is decided so."), field="answer")
    row = ReviewerObjection.objects.select_for_update(of=("self",)).select_related("lawyer").get(pk=objection.pk)
    if user.pk == row.reviewer_id or lawyer_tied_to(row.lawyer, user):
        raise NotTheirsToGive(_("This objection is decided by somebody whom it does not concern."))
    if row.state != ReviewerObjectionState.LODGED:
        raise ObjectionDecided(_("This objection has been decided."))
    row.state = ReviewerObjectionState.UPHELD if upheld else ReviewerObjectionState.REJECTED
    row.decided_by, row.decided_at, row.answer = user, now, why
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    record(actor=user.actor, action=f"reviews.reviewer_objection_{row.state}", subject=row, at=now)
    if upheld:
        _take_files_from(row, user=user, now=now)
    notify(
        users=users_of_lawyers([row.lawyer_id]),
        text=gettext_noop("Your objection to a reviewer was decided."),
        params={},
        url="/reviews/reviewers",
        now=now,
    )
    return row


def _take_files_from(upheld: ReviewerObjection, *, user: User, now: datetime) -> None:
    read = Assignment.objects.filter(reviewer=upheld.reviewer_id, case__lawyer=upheld.lawyer_id)
    held = read.filter(state=AssignmentState.OPEN)
    # Always in the same order, so that two who take files back at once wait for one another and end.
    list(Case.objects.locked().filter(pk__in=read.filter(state__in=ACTIVE_ASSIGNMENTS).values("case")).order_by("pk"))
    take_back(
        held.order_by("case_id").values_list("pk", flat=True),
        why=OBJECTION_UPHELD,
        still=held,
        actor=user.actor,
        now=now,
    )
    theirs = {"reviewer": upheld.reviewer_id, "case__lawyer": upheld.lawyer_id}
    make_anew(refused_in_advance().filter(**theirs), reason=REFUSED, now=now)


@transaction.atomic
def enter_tie(
    *,
    case: Case,
    opposing_firm: Firm | None = None,
    earlier_lawyer: Lawyer | None = None,
    user: User,
    now: datetime,
) -> KnownTie:
    """Enter which firm stood on the other side of a case, or who dealt with the matter before.

    :raises InvalidInput: neither or both, or the firm or lawyer who handled the case.
    :raises TieKnown: it is entered. :raises NotTheirsToGive: `user` is tied to the case.
    """
    require_untied(case=case, user=user)
    if (opposing_firm is None) == (earlier_lawyer is None):
        raise InvalidInput(_("Name a lawyer or a firm."), field="whom")
    if opposing_firm is not None and opposing_firm.pk == case.firm_id:
        raise InvalidInput(_("This firm handled the case itself."), field="whom")
    if earlier_lawyer is not None and earlier_lawyer.pk == case.lawyer_id:
        raise InvalidInput(_("This lawyer handled the case."), field="whom")
    try:
        with transaction.atomic():
            row = KnownTie.objects.create(
                case=case,
                opposing_firm=opposing_firm,
                earlier_lawyer=earlier_lawyer,
                entered_by=user,
                entered_at=now,
            )
    except IntegrityError as error:
        raise TieKnown(_("This is entered already.")) from error
    record(actor=user.actor, action="reviews.tie_entered", subject=row, at=now)
    return row


@transaction.atomic
def take_out_tie(*, tie: KnownTie, user: User, now: datetime) -> KnownTie:
    """It was entered by mistake; a second time changes nothing.

    :raises NotTheirsToGive: `user` is tied to the case.
    """
    require_untied(case=tie.case, user=user)
    row = KnownTie.objects.select_for_update(of=("self",)).get(pk=tie.pk)
    if row.taken_out_at is None:
        row.taken_out_at, row.taken_out_by = now, user
        row.save(update_fields=["taken_out_at", "taken_out_by"])
        record(actor=user.actor, action="reviews.tie_taken_out", subject=row, at=now)
    return row
