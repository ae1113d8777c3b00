"""From the submitted readings of a case to its result: always a new version, never a change of the old."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.models import User
from qa_service.accounts.queries import reads_here, users_of_lawyers
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.services.evidence import evidence_changed
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.notifications.services import notify
from qa_service.organisations.queries import today_at, workdays_if_known
from reviews.enums import (
    OPEN_VETOES,
    AssignmentState,
    ItemDecision,
    ReaderOrder,
    ResultState,
    ReviewState,
    Standing,
    VetoEffect,
    VetoState,
)
from reviews.marking import Combined, band_of, combine, limit_of, needs_second_reader, total
from reviews.models import (
    Assignment,
    CaseReview,
    Checklist,
    Mark,
    ObjectedItem,
    ReaderWaiver,
    Review,
    SampledCase,
    VetoMark,
)
from reviews.queries.checklists import Standard, standard_of
from reviews.queries.readers import may_be_left, results_needing_a_reader
from reviews.queries.scorecard import FIELDS, values_of
from reviews.queries.self_assessments import firm_has_time, results_whose_firm_had_its_time
from reviews.services.asking_firms import close_unmarked
from reviews.services.assignments import require_untied
from reviews.services.calling_readers import call_for_reader, stop_calling
from reviews.services.deadlines import OBJECTION_DAYS
from reviews.services.standing_down import stand_down_readers, take_out_of_force
from reviews.services.words import typed, whole

PLACES = 10
# As many as its box takes.
REASON_LIMIT = 200
A_SWEEP = 200
AWAITING = {
    ReaderOrder.SECOND: ResultState.AWAITING_SECOND,
    ReaderOrder.THIRD: ResultState.AWAITING_THIRD,
}
COMBINER = Actor.system("reviews.results")


class NothingToRelease(Conflict):
    code = "nothing_to_release"


@dataclass(frozen=True, slots=True)
class Readings:
    """Every submitted reading of a case, by reader's order, and the marks that upheld objections put in their place.

    What was decided on an item after the lawyer was heard is decided for the file, whoever reads it before or after.
    """

    standard: Standard
    marks: tuple[dict[str, dict[str, str]], ...]
    orders: tuple[int, ...]
    corrections: dict[str, dict[str, str]]

    def corrected(self) -> list[dict[str, dict[str, str]]]:
        return [marks | self.corrections for marks in self.marks]


@dataclass(frozen=True, slots=True)
class Told:
    """Whether and how the lawyer was told of a released result, and until when they may object.

    All empty: they have no account, and nobody has handed them the paper yet; their time has not begun.
    """

    objection_until: date | None = None
    served_on: date | None = None
    served_by_id: int | None = None
    told_lawyer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the submitted reviews of a case come to together: the marks, and where the vetoes stand.

    `as_read`: what they came to before objections were upheld. It alone says which readers the file takes.
    """

    checklist: Checklist
    readings: Readings
    combined: Combined
    as_read: Combined
    standing: Standing
    effects: list[VetoEffect]
    vetoes: list[str]


@transaction.atomic
def recombine(
    *, case: Case, reason: str, keep_deadline: bool = False, waive_second: bool = False, now: datetime
) -> CaseReview | None:
    """Write the next version of the case's result from its submitted reviews, or take it out of force.

    :param reason: why there is a new version; kept with it.
    :param keep_deadline: a correction after an objection opens no new period for objections, and leaves a released
        result released: for a reader at work waits the next version, which their marks make.
    :param waive_second: release although the grade asks for a second reader.

    Ties are asked again of every reader: who has one by now stands down, whatever was true when they handed in, and so
    does whom the lawyer refused in time. Where nobody is left the case has no result until it was read again, and None
    comes back.

    While the firm has days left to mark its own file the result waits for it unreleased: nobody marks their own work
    after they saw the marks. It waits so too where the calendar does not reach the end of the period for objections:
    who marks cannot mend that, and no day is guessed. A lawyer without an account is told on paper, and their period
    begins then: until that day is entered the result is released and not final.
    """
    # The case, not the current result: two readers who submit at once each wait for the other's version, then see it.
    Case.objects.locked().get(pk=case.pk)
    previous = CaseReview.objects.current().filter(case=case).first()
    stood_down = stand_down_readers(case, now=now)
    if not Assignment.objects.filter(case=case, state=AssignmentState.SUBMITTED).exists():
        take_out_of_force(case, previous, now=now)
        return None
    found = _found(case)
    # What waited for nothing but the calendar or the firm had been let through already; but not with one reader fewer.
    let_through = previous is not None and (previous.released_at is not None or waits_for_nobody_here(previous))
    waived = waive_second or (let_through and not stood_down)
    stands = keep_deadline and not stood_down and previous is not None and previous.state == ResultState.RELEASED
    lacking = None if stands else _reader_lacking(case, found, waived=waived)
    state, told = _state(case, found, lacking, stands=stands), None
    if state == ResultState.RELEASED:
        state, told = _released(case, previous, keep_deadline=keep_deadline, now=now)
    if previous is not None:
        CaseReview.objects.filter(pk=previous.pk).update(superseded_at=now)
    result = CaseReview.objects.create(
        case=case,
        version=_versions(case) + 1,
        state=state,
        reason=reason,
        created_at=now,
        released_at=now if told else None,
        **(asdict(told) if told else {}),
        **content_of(found),
    )
    details = {"version": result.version, "state": result.state}
    record(actor=COMBINER, action="reviews.result_made", subject=result, details=details, at=now)
    evidence_changed(case.pk)
    if told:
        close_unmarked(case=case, now=now)
    if told and told.objection_until and not keep_deadline:
        tell_lawyer(result, now=now)
    _tell_managers(case, lacking, now=now)
    return result


def _versions(case: Case) -> int:
    """Also of results that were taken out of force: no number is given twice."""
    return CaseReview.objects.filter(case=case).aggregate(newest=Max("version"))["newest"] or 0


def release_what_can_be_counted(*, now: datetime) -> int:
    """Release results that waited for the calendar, now that their period can be counted; returns how many."""
    waiting = CaseReview.objects.current().filter(state=ResultState.NO_CALENDAR).select_related("case__centre")
    return sum(release_if_ready(case=result.case, now=now) for result in waiting.order_by("pk")[:A_SWEEP])


def release_what_firms_had_time_for(*, now: datetime) -> int:
    """Release results that waited for the firm's own marks, whose day is over; returns how many."""
    waiting = results_whose_firm_had_its_time(now).select_related("case__centre").order_by("pk")
    return sum(release_if_ready(case=result.case, now=now) for result in waiting[:A_SWEEP])


@transaction.atomic
def release_if_ready(*, case: Case, now: datetime) -> bool:
    """Release a result that waited for the calendar or for the firm, and does so no more. Twice is as once."""
    Case.objects.locked().get(pk=case.pk)
    current = CaseReview.objects.current().filter(case=case).first()
    if current is None or not waits_for_nobody_here(current) or firm_has_time(case, now=now):
        return False
    if not _can_be_counted(case, now=now):
        return False
    reason = (
        gettext_noop("The calendar of working days is there.")
        if current.state == ResultState.NO_CALENDAR
        else gettext_noop("The firm has handed in its own marks, or its day is over.")
    )
    result = recombine(case=case, reason=reason, now=now)
    return result is not None and result.state == ResultState.RELEASED


def waits_for_nobody_here(result: CaseReview) -> bool:
    """Everything is read and decided: the last day to object cannot be counted yet, or the firm has days left."""
    return result.state in (ResultState.NO_CALENDAR, ResultState.AWAITING_FIRM)


def _can_be_counted(case: Case, *, now: datetime) -> bool:
    if not reads_here(case.lawyer_id):
        return True
    return workdays_if_known(today_at(case.centre, now), OBJECTION_DAYS) is not None


@transaction.atomic
def release_with_one_reader(*, case: Case, reason: str, user: User, now: datetime) -> CaseReview:
    """Release a result whose grade asks for a second reader, or leave a released one as it was read.

    Where the centre has nobody for it. The result says how many readers it rests on, so that no grade that needs two is
    ever given for one: the best is not given, and a fail goes on waiting for its reader.

    :raises NothingToRelease: it waits for something else; :raises InvalidInput: no reason is given.
    :raises NotTheirsToGive: `user` has a tie to who handled the case.
    """
    if not typed(reason):
        raise InvalidInput(_("Say why the result is released."), field="reason")
    said = whole(reason, limit=REASON_LIMIT, field="reason")
    require_untied(case=case, user=user)
    Case.objects.locked().get(pk=case.pk)
    current = CaseReview.objects.current().filter(case=case).first()
    needing = results_needing_a_reader().filter(may_be_left(), case=case)
    if current is None or not needing.exists() or _readers_at_work(case):
        raise NothingToRelease(_("This result does not wait for a second reader alone."))
    ReaderWaiver.objects.create(case=case, readers=current.readers, reason=said, decided_by=user, decided_at=now)
    if current.state == ResultState.RELEASED:
        record(actor=user.actor, action="reviews.left_as_read", subject=current, at=now)
        return current
    result = recombine(case=case, reason=said, waive_second=True, now=now)
    if result is None:
        raise NothingToRelease(_("This result does not wait for a second reader alone."))
    record(actor=user.actor, action="reviews.released_with_one_reader", subject=result, at=now)
    return result


def _found(case: Case) -> Found:
    submitted = Review.objects.filter(
        assignment__case=case, assignment__state=AssignmentState.SUBMITTED, state=ReviewState.SUBMITTED
    )
    reviews = list(submitted.select_related("assignment__checklist").order_by("assignment__order"))
    checklist = reviews[0].assignment.checklist
    readings = _readings(case, reviews, standard_of(checklist))
    as_read, totals = (
        [total(readings.standard.sheet, values_of(marks)) for marks in read]
        for read in (readings.marks, readings.corrected())
    )
    combined = combine(totals, as_read=as_read)
    return Found(checklist, readings, combined, combine(as_read), *_vetoes(reviews))


def content_of(found: Found) -> dict[str, Any]:
    """The columns of a result that say what was found."""
    combined = found.combined
    cap = limit_of(limited=combined.limited, effects=found.effects)
    return {
        "checklist": found.checklist,
        "score": round(combined.score, PLACES),
        "grade": band_of(combined.score, cap=cap),
        "grade_cap": cap or "",
        "veto_state": found.standing,
        "vetoes": found.vetoes,
        "method": combined.method,
        "readers": combined.readers,
        "spread": round(combined.spread, PLACES),
        "agreed": combined.agreed,
        "limited": combined.limited,
        "items": _items(found.readings, combined),
    }


def _readings(case: Case, reviews: Sequence[Review], standard: Standard) -> Readings:
    by_review: dict[int, dict[str, dict[str, str]]] = {review.pk: {} for review in reviews}
    for review_id, item_id, *values in Mark.objects.filter(review__in=reviews).values_list(
        "review_id", "item_id", *FIELDS
    ):
        by_review[review_id][standard.codes[item_id]] = dict(zip(FIELDS, values, strict=True))
    upheld = ObjectedItem.objects.filter(objection__case=case, decision=ItemDecision.UPHELD).order_by(
        "objection__decided_at", "pk"
    )
    corrections = {
        standard.codes[item_id]: dict(zip(FIELDS, values, strict=True))
        for item_id, *values in upheld.values_list("item_id", *FIELDS)
        if item_id in standard.codes
    }
    orders = tuple(review.assignment.order for review in reviews)
    return Readings(standard, tuple(by_review.values()), orders, corrections)


def _vetoes(reviews: Sequence[Review]) -> tuple[Standing, list[VetoEffect], list[str]]:
    """Where the vetoes of a case stand, the effects of those confirmed, and their codes."""
    rows = list(VetoMark.objects.filter(review__in=reviews).select_related("veto"))
    confirmed = [row for row in rows if row.state == VetoState.CONFIRMED]
    codes = sorted({row.veto.code for row in confirmed})
    effects = [VetoEffect(row.veto.effect) for row in confirmed]
    if any(row.state in OPEN_VETOES for row in rows):
        return Standing.PENDING, effects, codes
    return (Standing.CONFIRMED if confirmed else Standing.CLEAR), effects, codes


def _reader_lacking(case: Case, found: Found, *, waived: bool) -> ReaderOrder | None:
    """Whose reading the case needs beside those it has, whether or not somebody has been named for it.

    Asked of the marks as they were read: an upheld objection calls for nobody. Where the corrected grade takes a reader
    by the scheme, weighing asks for them, and the result stands meanwhile. A veto calls for the second reader at once:
    they read while the lawyer is heard.
    """
    as_read = found.as_read
    if not as_read.settled:
        return ReaderOrder.THIRD
    if as_read.readers > 1 or waived:
        return None
    vetoed = found.standing != Standing.CLEAR
    by_marks = needs_second_reader(as_read.score, limited=as_read.limited, vetoed=vetoed)
    return ReaderOrder.SECOND if by_marks or _drawn_to_be_read_twice(case) else None


def _state(case: Case, found: Found, lacking: ReaderOrder | None, *, stands: bool) -> ResultState:
    """Who is at work is waited for, needed or not, unless what is released `stands` with a mark corrected."""
    if found.standing == Standing.PENDING:
        return ResultState.VETO_PENDING
    if stands:
        return ResultState.RELEASED
    if ReaderOrder.THIRD in (lacking, *_readers_at_work(case)):
        return ResultState.AWAITING_THIRD
    if _readers_at_work(case):
        return ResultState.AWAITING_SECOND
    return AWAITING[lacking] if lacking else ResultState.RELEASED


def _drawn_to_be_read_twice(case: Case) -> bool:
    return SampledCase.objects.filter(case=case, replaced_at=None, readers=ReaderOrder.SECOND).exists()


def _readers_at_work(case: Case) -> list[int]:
    return list(Assignment.objects.filter(case=case, state=AssignmentState.OPEN).values_list("order", flat=True))


def _released(
    case: Case, previous: CaseReview | None, *, keep_deadline: bool, now: datetime
) -> tuple[ResultState, Told | None]:
    """What is read and decided is released unless something outside is waited for."""
    if firm_has_time(case, now=now):
        return ResultState.AWAITING_FIRM, None
    told = _told(case, previous, keep_deadline=keep_deadline, now=now)
    return (ResultState.RELEASED if told else ResultState.NO_CALENDAR), told


def _told(case: Case, previous: CaseReview | None, *, keep_deadline: bool, now: datetime) -> Told | None:
    """None where the lawyer would be told now and the calendar does not reach to the end of their period."""
    if keep_deadline and previous is not None and previous.told:
        return Told(previous.objection_until, previous.served_on, previous.served_by_id, case.lawyer_id)
    if not reads_here(case.lawyer_id):
        return Told()
    until = workdays_if_known(today_at(case.centre, now), OBJECTION_DAYS)
    return Told(objection_until=until, told_lawyer_id=case.lawyer_id) if until else None


def _items(readings: Readings, combined: Combined) -> list[dict[str, Any]]:
    """What a reader of the result sees, item by item: the share and the marks, by order of reading and not by name.

    Of a corrected item also the anchors as they were read, without words: nobody's own mark is put aside unseen, least
    of all one given after the decision.
    """
    return [
        {
            "code": code,
            "share": _text(combined.item_scores.get(code)),
            "corrected": code in readings.corrections,
            "marks": _marks_of(code, readings.orders, readings.corrected()),
        }
        | ({"as_read": _anchors_of(code, readings)} if code in readings.corrections else {})
        for code in readings.standard.sheet.codes()
    ]


def _anchors_of(code: str, readings: Readings) -> list[dict[str, Any]]:
    bare = [{code: {"anchor": marks[code]["anchor"]}} if code in marks else {} for marks in readings.marks]
    return _marks_of(code, readings.orders, bare)


def _marks_of(code: str, orders: Sequence[int], read: Sequence[dict[str, dict[str, str]]]) -> list[dict[str, Any]]:
    return _distinct((order, marks[code]) for order, marks in zip(orders, read, strict=True) if code in marks)


def _distinct(marks: Iterable[tuple[int, dict[str, str]]]) -> list[dict[str, Any]]:
    """Each mark once, with the readers (first, second, third) who gave it."""
    found: list[tuple[dict[str, str], list[int]]] = []
    for order, mark in marks:
        given = next((readers for known, readers in found if known == mark), None)
        if given is None:
            found.append((mark, [order]))
        else:
            given.append(order)
    return [{**mark, "readers": readers} for mark, readers in found]


def _text(share: Decimal | None) -> str | None:
    return None if share is None else str(share.normalize() + 0)


def tell_lawyer(result: CaseReview, *, now: datetime) -> None:
    """That the result is there, and that their time to object runs from today."""
    notify(
        users=users_of_lawyers([result.case.lawyer_id]),
        text=gettext_noop("The review of your file %(case)s is ready. You may object within 10 working days."),
        params={"case": result.case.number},
        url=f"/reviews/results/{result.public_id}",
        now=now,
    )


def _tell_managers(case: Case, lacking: ReaderOrder | None, *, now: datetime) -> None:
    """Which reader they must name; nothing while one is at work."""
    if lacking and not _readers_at_work(case):
        call_for_reader(case, lacking, now=now)
    else:
        stop_calling(case, now=now)
