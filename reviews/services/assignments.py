"""Giving files to readers, and taking them back. A conflict of interest refuses here and again at submission."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work
from qa_service.audit.services import Act, record, record_many
from qa_service.cases.models import Case
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from qa_service.notifications.services import notify, notify_each
from qa_service.organisations.queries import on_the_day_there, today_at, workdays_if_known
from reviews.conflicts import objections_to
from reviews.enums import (
    ACTIVE_ASSIGNMENTS,
    CAME_BACK,
    AssignmentState,
    ConflictReason,
    Purpose,
    ReaderOrder,
    ReviewState,
)
from reviews.giving import choose
from reviews.models import Assignment, CaseReview, Review, Sample, SampledCase
from reviews.queries.checklists import checklist_for
from reviews.queries.given import Turn, share_out
from reviews.queries.readers import linked_readers, readers_asked_for
from reviews.queries.reviewers import (
    OF_LATE,
    bars_to_practice,
    bars_to_reading,
    case_facts,
    facts_for_giving,
    reviewer_facts,
    reviewers_of,
    ties,
)
from reviews.services.calling_readers import stop_calling
from reviews.services.deadlines import REVIEW_DAYS
from reviews.services.relations import declare_relation
from reviews.services.returns import tell_who_gives_out
from reviews.services.words import whole

REASON_LIMIT = 200
NUDGE_AGAIN = timedelta(days=7)
DUE_SOON = timedelta(days=3)


class ConflictOfInterest(Conflict):
    """`reasons` are the named conflicts."""

    code = "conflict_of_interest"

    def __init__(self, reasons: Sequence[ConflictReason]) -> None:
        self.reasons = tuple(reasons)
        labels = format_lazy(
            "{and_}".join("{}" for _each in reasons), *(reason.label for reason in reasons), and_=_(", ")
        )
        super().__init__(
            format_lazy("{}{}", _("This person may not read this file: "), labels), reasons=" ".join(reasons)
        )


class NoReviewerFree(Conflict):
    code = "no_reviewer_free"


class NoChecklist(InvalidInput):
    code = "no_checklist"


class ReaderNotNeeded(Conflict):
    code = "reader_not_needed"


class NotTheirsToGive(NotPermitted):
    code = "not_theirs_to_give"


class NotOpen(Conflict):
    code = "assignment_not_open"


@dataclass(frozen=True, slots=True)
class Given:
    """What came of giving out a sample: `refused` are the turns that nobody could take, each with why."""

    assigned: tuple[Assignment, ...]
    refused: tuple[Turn, ...]


@transaction.atomic
def assign_sample(*, sample: Sample, user: User, now: datetime) -> Given:
    """Give every file of the sample that lacks a reader to a free reviewer, as `reviews.giving` has it.

    Files that two read whatever the marks get both at once. A file is left without only where no way of giving out
    these files would read one more. What comes back tells nothing of files that the user or their firm handled: why
    those were drawn is not theirs.

    Where the calendar does not reach so far, the files are given out and a sweep sets the day they are due.
    """
    # Two who give out one sample at once: the second sees what the first has given. So does who gives out one file.
    Sample.objects.select_for_update().get(pk=sample.pk)
    _lock_all(sample.cases.filter(replaced_at=None).values("case"))
    shared = share_out(sample, sample.cases.all(), now=now)
    due_on = workdays_if_known(today_at(sample.centre, now), REVIEW_DAYS)
    rows = [
        Assignment(
            case=turn.sampled.case,
            sampled=turn.sampled,
            checklist=turn.checklist,
            reviewer_id=turn.choice.user_id,
            order=turn.order,
            assigned_by=user,
            assigned_at=now,
            due_on=due_on,
        )
        for turn in shared.turns
        if turn.checklist is not None and turn.choice.user_id is not None
    ]
    Assignment.objects.bulk_create(rows, batch_size=500)
    open_reviews(rows)
    acts = [Act("reviews.assigned", "reviews.Assignment", str(row.pk), {"reader": row.order}) for row in rows]
    record_many(actor=user.actor, acts=acts, at=now)
    tell_readers(rows, now)
    own = frozenset(sample.cases.filter(own_work(user)).values_list("case_id", flat=True))
    return Given(
        tuple(row for row in rows if row.case_id not in own),
        tuple(turn for turn in shared.turns if not turn.read and turn.sampled.case_id not in own),
    )


@transaction.atomic
def assign_case(
    *,
    case: Case,
    order: ReaderOrder = ReaderOrder.FIRST,
    reviewer: User | None = None,
    due_on: date | None = None,
    user: User,
    now: datetime,
) -> Assignment:
    """Give one file to a named reviewer, or to the free one with the lightest load.

    :raises ConflictOfInterest: the named person may not read it; :raises NoReviewerFree: nobody can.
    :raises ReaderNotNeeded: the file has a reader of this order already; :raises NoChecklist: no list for its type.
    :raises NotTheirsToGive: `user` handled the case, or has a tie to who did.
    """
    require_untied(case=case, user=user)
    _lock(case.pk)
    checklist = checklist_for(case, purpose=Purpose.FILE_REVIEW)
    if checklist is None:
        raise NoChecklist(_("No checklist is in force for this type of case."))
    standing = Assignment.objects.filter(case=case, state__in=ACTIVE_ASSIGNMENTS)
    rows = list(standing.select_related("checklist", "reviewer").select_for_update(of=("self",)))
    if any(row.order == order for row in rows):
        raise ReaderNotNeeded(_("This file already has that reader."))
    today = today_at(case.centre, now)
    beside = [row.reviewer for row in sorted(rows, key=lambda row: row.order)]
    chosen = _reader_for(case, reviewer, beside=beside, today=today)
    sampled = SampledCase.objects.filter(case=case, replaced_at=None).first()
    assignment = Assignment.objects.create(
        case=case,
        sampled=sampled,
        checklist=rows[0].checklist if rows else checklist,
        reviewer_id=chosen,
        order=order,
        assigned_by=user,
        assigned_at=now,
        due_on=due_on or workdays_if_known(today, REVIEW_DAYS),
    )
    open_reviews([assignment])
    record(actor=user.actor, action="reviews.assigned", subject=assignment, details={"reader": int(order)}, at=now)
    stop_calling(case, now=now)
    tell_readers([assignment], now)
    return assignment


def add_next_reader(*, case: Case, reviewer: User | None = None, user: User, now: datetime) -> Assignment:
    """Add a second reader, or a third where the two have differed.

    :raises ReaderNotNeeded: nobody has read the file, a reader is still at work, or two readers agree.
    """
    standing = list(Assignment.objects.filter(case=case, state__in=ACTIVE_ASSIGNMENTS).order_by("order"))
    result = CaseReview.objects.current().filter(case=case).first()
    if not standing:
        raise ReaderNotNeeded(_("Give the file to a first reader before adding another."))
    full = len(standing) == ReaderOrder.THIRD
    if full or (len(standing) == ReaderOrder.SECOND and _not_differing(result) and not _third_asked_for(case)):
        raise ReaderNotNeeded(_("A third reader is added only where two readers differ."))
    # The first turn that is free: who had it may have stood down.
    order = next(order for order in ReaderOrder if order not in {row.order for row in standing})
    return assign_case(case=case, order=order, reviewer=reviewer, user=user, now=now)


def _not_differing(result: CaseReview | None) -> bool:
    return result is None or result.method != "unsettled"


def _third_asked_for(case: Case) -> bool:
    return readers_asked_for(case.pk) >= ReaderOrder.THIRD


@transaction.atomic
def hand_over(*, assignment: Assignment, reviewer: User | None, reason: str, user: User, now: datetime) -> Assignment:
    """Take a file from its reader, who is told and whose draft is kept, and give it to another; or one that came back.

    :raises NotOpen: it is submitted or closed, or another file took its place in the sample.
    :raises InvalidInput: no reason is given.
    """
    why = whole(reason, limit=REASON_LIMIT, field="reason")
    if not why:
        raise InvalidInput(_("Say why the file is handed over."), field="reason")
    if assignment.state in CAME_BACK:
        _require_standing(assignment)
    else:
        closed = _close(assignment, state=AssignmentState.WITHDRAWN, reason=why, user=user, now=now)
        notify(
            users=[closed.reviewer],
            text=gettext_noop("The file %(case)s was given to another reader: you need not read it."),
            params={"case": closed.case.number},
            url="/reviews/",
            now=now,
        )
    return assign_case(case=assignment.case, order=ReaderOrder(assignment.order), reviewer=reviewer, user=user, now=now)


def _require_standing(came_back: Assignment) -> None:
    """What was taken out of a sample cannot be read, and whoever had it was told so."""
    _lock(came_back.case_id)
    drawn = SampledCase.objects.filter(case=came_back.case_id)
    if drawn.exists() and not drawn.filter(replaced_at=None).exists():
        raise NotOpen(_("Another file took the place of this one in its sample: nobody reads it."))


@transaction.atomic
def decline(*, assignment: Assignment, reason: str, relation: str = "", user: User, now: datetime) -> list[Assignment]:
    """A reader gives a file back. `relation` ("lawyer" or "firm") also declares a lasting relation to either.

    Their other open files of that lawyer or firm go back with it; returns all of them, this one first.

    :raises NotOpen: it is submitted or closed; :raises InvalidInput: no reason is given.
    """
    why = whole(reason, limit=REASON_LIMIT, field="reason")
    if not why:
        raise InvalidInput(_("Say why you give the file back."), field="reason")
    # What else of theirs the reader holds comes back by the declaration: all are held in one order.
    _lock_with_others_of(assignment, relation)
    closed = _close(assignment, state=AssignmentState.DECLINED, reason=why, user=user, now=now)
    others: Sequence[Assignment] = ()
    if relation == "lawyer":
        others = declare_relation(lawyer=closed.case.lawyer, user=user, now=now).given_back
    elif relation == "firm":
        others = declare_relation(firm=closed.case.firm, user=user, now=now).given_back
    tell_who_gives_out(closed, gettext_noop("The reader of %(case)s has given the file back."), user, now)
    return [closed, *others]


def require_untied(*, case: Case, user: User) -> None:
    """:raises NotTheirsToGive: the person handled the case, or has a tie to who did: they choose no reader for it."""
    if ties(case=case, person=user):
        raise NotTheirsToGive(_("You have a tie to the lawyer or firm of this case. Somebody else must see to it."))


def check_conflicts(*, case: Case, reviewer: User) -> None:
    """:raises ConflictOfInterest: at the moment of asking, whatever was true when the file was given out."""
    _refuse(bars_to_reading(case=case, reader=reviewer))


def check_practice(*, case: Case, reviewer: User) -> None:
    """As `check_conflicts`, of who marks the file for calibration.

    :raises ConflictOfInterest: at the moment of asking.
    """
    _refuse(bars_to_practice(case=case, reader=reviewer))


@transaction.atomic
def nudge_late(*, now: datetime) -> int:
    """Remind each reader of the files that are overdue, again each week; returns how many people were told."""
    past = on_the_day_there(now, "case__centre", lambda day: Q(due_on__lt=day))
    quiet = Q(nudged_at=None) | Q(nudged_at__lte=now - NUDGE_AGAIN)
    text = gettext_noop("%(count)s files are past the day their review was due.")
    return _remind(past & quiet, "nudged_at", text, now=now)


@transaction.atomic
def remind_of_due(*, now: datetime) -> int:
    """Tell each reader, once a file, of those due within three days; returns how many people were told."""
    soon = on_the_day_there(now, "case__centre", lambda day: Q(due_on__gte=day, due_on__lte=day + DUE_SOON))
    text = gettext_noop("The review of %(count)s files is due within three days.")
    return _remind(soon & Q(reminded_at=None), "reminded_at", text, now=now)


def _remind(which: Q, stamp: str, text: str, *, now: datetime) -> int:
    found = Assignment.objects.filter(which, state=AssignmentState.OPEN)
    rows = list(found.select_for_update(of=("self",), skip_locked=True))
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(**{stamp: now})
    return notify_each(params=counts(rows), text=text, url="/reviews/", now=now)


def _reader_for(case: Case, reviewer: User | None, *, beside: Sequence[User], today: date) -> int:
    """:param beside: the readers whom the file has already, the first before the others."""
    facts = replace(case_facts([case])[case.pk], readers_firms=_firms_of(beside, since=case.begun_on))
    people = reviewers_of(case.centre)
    if reviewer is None:
        choice = choose(
            case=facts,
            reviewers=list(facts_for_giving(people, today=today).values()),
            first_reader=beside[0].pk if beside else None,
            linked=linked_readers(case.centre, since=today - OF_LATE) if beside else (),
        )
        if choice.user_id is None:
            raise NoReviewerFree(
                _(
                    "Nobody can take this file: %(refused)s have a conflict of interest, %(full)s have no room left, "
                    "%(others)s do not read cases of this type."
                )
                % {
                    "refused": len(choice.refused),
                    "full": len(choice.full),
                    "others": len(choice.other_types),
                }
            )
        return choice.user_id
    if reviewer.pk not in {person.pk for person in people}:
        raise InvalidInput(_("This person is not a reviewer of the centre."), field="reviewer")
    _refuse(objections_to(facts_for_giving([reviewer], today=today)[reviewer.pk], facts))
    return reviewer.pk


def _firms_of(readers: Sequence[User], *, since: date) -> frozenset[int]:
    """Kept apart whatever the marks are: good marks may still come to a failed case, by what lies outside the file."""
    return frozenset().union(*(facts.firms_since(since) for facts in reviewer_facts(readers).values()))


def _refuse(reasons: Sequence[ConflictReason]) -> None:
    if reasons:
        raise ConflictOfInterest(reasons)


def _lock(case_id: int) -> None:
    """One at a time gives out a file, takes it back or hands in its marks: what the other has just done is seen."""
    Case.objects.locked().get(pk=case_id)


def _lock_all(cases: QuerySet[Any, Any] | Collection[int]) -> None:
    """In the order in which everybody holds several."""
    list(Case.objects.locked().filter(pk__in=cases).order_by("pk").only("pk"))


def _lock_with_others_of(assignment: Assignment, relation: str) -> None:
    """The file, and where a relation is declared with it whatever else its reader holds."""
    others = Assignment.objects.filter(reviewer=assignment.reviewer_id, state=AssignmentState.OPEN)
    cases = {assignment.case_id, *(others.values_list("case_id", flat=True) if relation else ())}
    _lock_all(cases)


def open_reviews(rows: Iterable[Assignment]) -> None:
    """The empty form of each reader, beside what they were given."""
    Review.objects.bulk_create([Review(assignment=row) for row in rows], batch_size=500)


def _close(assignment: Assignment, *, state: AssignmentState, reason: str, user: User, now: datetime) -> Assignment:
    _lock(assignment.case_id)
    row = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("case__centre", "reviewer", "review")
        .get(pk=assignment.pk)
    )
    if row.state != AssignmentState.OPEN or row.review.state == ReviewState.SUBMITTED:
        raise NotOpen(_("This review is no longer open."))
    row.state = state
    row.closing_reason = reason
    row.closed_at = now
    row.save(update_fields=["state", "closing_reason", "closed_at"])
    record(actor=user.actor, action=f"reviews.assignment_{state}", subject=row, at=now)
    return row


def tell_readers(rows: Sequence[Assignment], now: datetime) -> None:
    """One line each, however many files they were given."""
    text = gettext_noop("%(count)s files were given to you to review.")
    notify_each(params=counts(rows), text=text, url="/reviews/", now=now)


def counts(rows: Iterable[Assignment]) -> dict[int, dict[str, Any]]:
    """How many of these files each reader has."""
    return {reader: {"count": count} for reader, count in Counter(row.reviewer_id for row in rows).items()}
