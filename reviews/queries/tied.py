"""Readings that a tie touches: open ones go back to the managers, submitted ones carry no result any more.

What `reviews.conflicts` says of one file and one person, asked here of every reading at once.
"""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from qa_service.accounts.models import Grant
from qa_service.cases.models import Case
from qa_service.organisations.enums import FirmKind
from qa_service.organisations.models import Membership
from qa_service.organisations.queries import namesakes
from reviews.enums import AssignmentState, ReviewerObjectionState
from reviews.models import (
    Assignment,
    CaseReview,
    KnownTie,
    Objection,
    Relation,
    ReviewerObjection,
    SampledCase,
    VetoMark,
)

LAWYER = "reviewer__lawyer"


def open_files_touched(relation: Relation) -> QuerySet[Assignment]:
    """Open files of who declared it which its lawyer, or its firm at whatever centre, handled."""
    theirs = Assignment.objects.filter(reviewer=relation.reviewer_id, state=AssignmentState.OPEN)
    if relation.firm_id is None:
        return theirs.filter(case__lawyer=relation.lawyer_id)
    return theirs.filter(case__firm__in=namesakes([relation.firm_id])[relation.firm_id])


def held_while_tied() -> QuerySet[Assignment]:
    """Open files that their reader may not read as things stand, whatever was true when they were given out."""
    belongs = Membership.objects.filter(_not_left_before(), _the_same_firm("case__firm"), lawyer=OuterRef(LAWYER))
    heads = Grant.objects.filter(_the_same_firm("case__firm"), user=OuterRef("reviewer"))
    before = Case.with_open.filter(client=OuterRef("case__client"), lawyer=OuterRef(LAWYER))
    refused = _upheld_objections()
    ruled = VetoMark.objects.filter(review__assignment__case=OuterRef("case"), decided_by=OuterRef("reviewer"))
    heard = Objection.objects.filter(case=OuterRef("case"), decided_by=OuterRef("reviewer"))
    tied = Q(reviewer__lawyer=F("case__lawyer")) | Exists(belongs) | Exists(heads) | Exists(_entered(Q()))
    decided = Exists(ruled) | Exists(heard)
    barred = tied | decided | Exists(_declared()) | Exists(before) | Exists(refused) | _of_the_county()
    return _readings().filter(barred, state=AssignmentState.OPEN)


def tied_since() -> QuerySet[Assignment]:
    """Marks that carry a result in force though their reader is tied to the case by what was entered since.

    The register names the reader or their firm for the case, a tie to them was entered, or they declared one. Whoever
    joined the firm after they handed in was free when they read: they are asked only when the result is made anew.
    """
    belonged = Membership.objects.filter(
        _not_left_before(),
        _the_same_firm("case__firm"),
        lawyer=OuterRef(LAWYER),
        starts_on__lte=OuterRef("review__submitted_at"),
    )
    joined_before = Q(starts_on__lte=OuterRef(OuterRef("review__submitted_at")))
    tied = Q(reviewer__lawyer=F("case__lawyer")) | Exists(belonged) | Exists(_entered(joined_before))
    return _carrying_a_result().filter(tied | Exists(_declared()))


def refused_in_advance() -> QuerySet[Assignment]:
    """Marks that carry a result in force though the lawyer's objection to their reader was upheld.

    Those released before the lawyer objected stay: a result that is known is not unmade by naming its reader, there is
    the objection to its marks. A paper counts from the day on which it was received.
    """
    released = CaseReview.objects.filter(
        case=OuterRef("case"), released_at__isnull=False, released_at__gte=OuterRef("review__submitted_at")
    )
    first = Subquery(released.order_by("released_at").values("released_at")[:1])
    rows = _carrying_a_result().annotate(first_released=first, first_day=TruncDate(first))
    at, day = OuterRef("first_released"), OuterRef("first_day")
    in_advance = _upheld_objections().filter(Q(lodged_at__lt=at) | Q(received_on__lt=day))
    return rows.filter(Q(first_released=None) & Exists(_upheld_objections()) | Exists(in_advance))


def _readings() -> QuerySet[Assignment]:
    # As `Case.begun_on`.
    return Assignment.objects.annotate(begun_on=Coalesce("case__assigned_on", "case__accepted_on"))


def _carrying_a_result() -> QuerySet[Assignment]:
    in_force = CaseReview.objects.current().filter(case=OuterRef("case"))
    return _readings().filter(Exists(in_force), state=AssignmentState.SUBMITTED)


def _not_left_before() -> Q:
    return Q(ends_on=None) | Q(ends_on__gt=OuterRef("begun_on"))


def _the_same_firm(firm: str) -> Q:
    """As `namesakes`, by the names of today: every centre has a row of its own for one firm."""
    elsewhere = Q(firm__name=OuterRef(f"{firm}__name")) & ~Q(firm__kind=FirmKind.CENTRE_STAFF)
    return Q(firm=OuterRef(firm)) | elsewhere


def _entered(belonging: Q) -> QuerySet[KnownTie]:
    """:param belonging: what more must hold of the membership in a firm that stood on the other side"""
    of_the_other_side = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=OuterRef(OuterRef("begun_on"))),
        _the_same_firm("opposing_firm"),
        belonging,
        lawyer=OuterRef(OuterRef(LAWYER)),
    )
    touched = Q(earlier_lawyer=OuterRef(LAWYER)) | Exists(of_the_other_side)
    return KnownTie.objects.filter(touched, case=OuterRef("case"), taken_out_at=None)


def _declared() -> QuerySet[Relation]:
    whom = Q(lawyer=OuterRef("case__lawyer")) | _the_same_firm("case__firm")
    return Relation.objects.filter(whom, reviewer=OuterRef("reviewer"), taken_back_at=None)


def _upheld_objections() -> QuerySet[ReviewerObjection]:
    return ReviewerObjection.objects.filter(
        reviewer=OuterRef("reviewer"), lawyer=OuterRef("case__lawyer"), state=ReviewerObjectionState.UPHELD
    )


def _of_the_county() -> Q:
    drawn = SampledCase.objects.filter(case=OuterRef("case"), replaced_at=None, sample__city_wide=True)
    member = Membership.objects.filter(lawyer=OuterRef(LAWYER), ends_on=None, firm__centre=OuterRef("case__centre"))
    return Q(Exists(drawn)) & (Q(reviewer__organisation=F("case__centre")) | Q(Exists(member)))
