"""What each person has before them: a reviewer's files, a manager's assignments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import lawyer_reads_here, own_work
from qa_service.cases.models import Case
from qa_service.common.waiting import Waiting
from qa_service.organisations.queries import on_the_day_there
from reviews.enums import MANAGING, OPEN_VETOES, AssignmentState, ObjectionState, ResultState, VetoState
from reviews.models import Assignment, CaseReview, Item, Mark, MoreTime, Objection, Review, Sample, Scan, VetoMark
from reviews.models.reviews import being_read_by
from reviews.queries.calibration import calibrations_waiting
from reviews.queries.files_waiting import files_waiting
from reviews.queries.hearings import hearings_waiting
from reviews.queries.readers import left_without_a_reader, may_be_left, results_needing_a_reader
from reviews.queries.results import open_to_objection, results_to_tell, vetoes_to_answer
from reviews.queries.reviewer_list import waiting_objections
from reviews.queries.self_assessments import self_assessments_waiting
from reviews.queries.transfers import vetoes_to_transfer


def files_of_reader(user: User) -> QuerySet[Assignment]:
    """Open files first, the most urgent at the top; then those submitted, newest first.

    `scanned`: pages of the file can be read on the screen.
    """
    mine = Assignment.objects.held_by(user).select_related(
        "case__lawyer", "case__centre__settings", "review", "checklist"
    )
    # Two joins would multiply the marks by the items: each is counted by itself.
    marks = Mark.objects.filter(review__assignment=OuterRef("pk")).exclude(anchor="")
    items = Item.objects.filter(checklist=OuterRef("checklist"))
    scanned = Exists(Scan.objects.filter(case=OuterRef("case"), drawn__gt=0))
    counts = {"marked": _number(marks), "expected": _number(items)}
    return mine.annotate(due_reason=_more_time(), scanned=scanned, **counts).order_by("state", "due_on", "pk")


def _more_time() -> Subquery:
    """Why the reader has more time than usual, as it was said last; empty where they have not."""
    given = MoreTime.objects.filter(assignment=OuterRef("pk")).order_by("-pk")
    return Subquery(given.values("reason")[:1])


def _number(rows: QuerySet[Any]) -> Combinable:
    """How many there are, beside each row of a list."""
    counted = rows.order_by().values(one=Value(1)).values("one").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted), 0)


def assignments_seen_by(user: User) -> QuerySet[Assignment]:
    """Every assignment of the manager's subtree, open ones first."""
    seen = Assignment.objects.managed_by(user)
    needing = results_needing_a_reader().filter(case=OuterRef("case"))
    back = Assignment.objects.filter(left_without_a_reader(), pk=OuterRef("pk"))
    return (
        seen.select_related("case__centre__settings", "reviewer", "review")
        .annotate(needs_reader=Exists(needing), came_back=Exists(back), due_reason=_more_time())
        .order_by("state", "due_on", "pk")
    )


def left_behind(user: User) -> QuerySet[Assignment]:
    """Files of readers who read here no more, for the manager to give to others."""
    return assignments_seen_by(user).filter(left_without_a_reader())


def cases_needing_a_reader(user: User) -> QuerySet[CaseReview]:
    """Results of the manager's places that need another reader and for which nobody has been named."""
    at_work = Exists(Assignment.objects.filter(case=OuterRef("case"), state=AssignmentState.OPEN))
    waiting = results_needing_a_reader().managed_by(user).exclude(at_work)
    return waiting.annotate(may_be_left=may_be_left()).select_related("case").order_by("pk")


def vetoes_to_decide(user: User) -> QuerySet[VetoMark]:
    """Vetoes of the manager's subtree that are not decided, but of files that they are still reading themselves."""
    return (
        VetoMark.objects.filter(
            review__assignment__in=Assignment.objects.visible_to(user),
            review__assignment__state=AssignmentState.SUBMITTED,
            state__in=OPEN_VETOES,
        )
        .exclude(marked_by=user)
        .exclude(being_read_by(user, case="review__assignment__case"))
        .select_related("veto", "review__assignment__case__centre__settings")
        .prefetch_related("former_hearings__lawyer")
        .order_by("pk")
    )


def vetoes_to_tell(user: User) -> QuerySet[VetoMark]:
    """Those of them whose lawyer has no account and was not handed the paper yet: their time has not begun."""
    unserved = vetoes_to_decide(user).filter(state=VetoState.MARKED, answer_due_on=None, served_on=None)
    return unserved.exclude(lawyer_reads_here("review__assignment__case__lawyer")).select_related(
        "veto", "review__assignment__case__lawyer", "review__assignment__case__firm"
    )


def vetoes_answered_on_paper(user: User) -> QuerySet[VetoMark]:
    """Those of them whose answer is entered here: as `takes_paper`, for all of them."""
    waiting = vetoes_to_decide(user).filter(state=VetoState.MARKED, told_lawyer=F("review__assignment__case__lawyer"))
    told_here = Q(answer_due_on__isnull=False) & ~lawyer_reads_here("review__assignment__case__lawyer")
    return waiting.filter(Q(served_on__isnull=False) | told_here)


def open_objections(user: User) -> QuerySet[Objection]:
    return (
        Objection.objects.visible_to(user)
        .filter(state=ObjectionState.LODGED)
        .select_related("case__centre__settings", "result")
        .order_by("decide_by", "pk")
    )


def samples_seen_by(user: User) -> QuerySet[Sample]:
    """With how many files were drawn; of those that the viewer or their firm handled they are told nothing.

    `own_left_out`: there may be such, and then nothing of the frame is told beside.
    """
    own = Case.objects.filter(
        own_work(user, lawyer="lawyer", firm="firm"),
        centre=OuterRef("centre"),
        closed_on__gte=OuterRef("period_start"),
        closed_on__lt=OuterRef("period_end"),
    )
    return (
        Sample.objects.visible_to(user)
        .select_related("centre", "drawn_by")
        .annotate(drawn=Count("cases", filter=~own_work(user, lawyer="cases__case__lawyer", firm="cases__case__firm")))
        .annotate(own_left_out=Exists(own))
        .order_by("-drawn_at", "-pk")
    )


def waiting_for(user: User, now: datetime) -> list[Waiting]:
    """What file review has waiting for this person, by every role they hold."""
    found: list[Waiting] = []
    if user.has_role(Role.REVIEWER):
        found += _for_reviewer(user, now)
    if user.has_role(*MANAGING):
        found += _for_manager(user)
    if user.has_role(Role.SUPERVISOR):
        to_transfer = vetoes_to_transfer(user).count()
        found.append(
            Waiting(_("Veto items to hand on to another organ"), to_transfer, reverse("reviews:transfers"), urgent=True)
        )
    if user.has_role(Role.LAWYER) and user.lawyer_id:
        found += _for_lawyer(user.lawyer_id, now)
    found += files_waiting(user, now)
    found += hearings_waiting(user)
    found += self_assessments_waiting(user, now)
    found += calibrations_waiting(user, now)
    return [each for each in found if each.count]


def _for_reviewer(user: User, now: datetime) -> Sequence[Waiting]:
    mine = Assignment.objects.held_by(user).filter(state=AssignmentState.OPEN)
    late = on_the_day_there(now, "case__centre", lambda day: Q(due_on__lt=day))
    counts = mine.aggregate(all=Count("pk"), late=Count("pk", filter=late))
    url = reverse("reviews:my-reviews")
    return (
        Waiting(_("Files to review"), counts["all"], url),
        Waiting(_("Files past their due date"), counts["late"], url, urgent=True),
    )


def _for_manager(user: User) -> Sequence[Waiting]:
    needing = f"{reverse('reviews:assignments')}?needs=reader"
    leaving = f"{reverse('reviews:assignments')}?left=1"
    vetoes, untold = reverse("reviews:vetoes"), vetoes_to_tell(user).order_by().values("pk")
    return (
        Waiting(_("Files that need another reader"), cases_needing_a_reader(user).count(), needing),
        Waiting(_("Files that have come back from their readers"), left_behind(user).count(), leaving, urgent=True),
        Waiting(
            _("Objections to reviewers to decide"),
            waiting_objections(user),
            f"{reverse('reviews:reviewers')}#objections",
        ),
        Waiting(_("Veto items to decide"), vetoes_to_decide(user).exclude(pk__in=untold).count(), vetoes, urgent=True),
        Waiting(
            _("Lawyers to be told of a veto item on paper"),
            untold.count(),
            f"{vetoes}?to_tell=1",
            detail=_("They have no account: their time to answer begins when they hold the paper."),
            urgent=True,
        ),
        Waiting(_("Objections to decide"), open_objections(user).count(), reverse("reviews:objections"), urgent=True),
        Waiting(
            _("Lawyers to be told of a result on paper"),
            results_to_tell(user).count(),
            reverse("reviews:to-tell"),
            detail=_("They have no account: their time to object begins when they hold the paper."),
        ),
        Waiting(
            _("Results that wait for the calendar of working days"),
            CaseReview.objects.current().managed_by(user).filter(state=ResultState.NO_CALENDAR).count(),
            f"{reverse('reviews:assignments')}?state=submitted",
            detail=_("The operator imports the official notice of holidays; then they are released by themselves."),
        ),
    )


def _for_lawyer(lawyer_id: int, now: datetime) -> Sequence[Waiting]:
    url = reverse("reviews:results")
    open_to = open_to_objection(lawyer_id, now=now).aggregate(all=Count("pk"), first=Min("objection_until"))
    last_day = format_lazy("{} {}", _("The first period ends on"), open_to["first"]) if open_to["first"] else ""
    return (
        Waiting(_("Veto items to answer"), vetoes_to_answer(lawyer_id).count(), url, urgent=True),
        Waiting(_("Results you may still object to"), open_to["all"], url, detail=last_day),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Which of the reader's open files one is, 0 where it is none of them; how many there are; which comes after it."""

    number: int
    all: int
    following: UUID | None


def place_in_work(user: User, review: Review) -> Place:
    """After the last file comes the first; after the only one, none."""
    open_files = Assignment.objects.held_by(user).filter(state=AssignmentState.OPEN).order_by("due_on", "pk")
    order = list(open_files.values_list("review__public_id", flat=True))
    number = order.index(review.public_id) + 1 if review.public_id in order else 0
    following = order[number % len(order)] if order else None
    return Place(number, len(order), following if following != review.public_id else None)
