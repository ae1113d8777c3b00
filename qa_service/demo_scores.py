"""A quarter of the demo that was read, weighed, decided upon and closed: what the pages of results have to show.

Each step is taken by the service that takes it in life, on the day on which it would have been. Notices are printed, so
they are issued by the worker once fonts are ready, as the demo's scanned files are made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from qa_service.accounts.models import User
from qa_service.accounts.queries import reads_here
from qa_service.common.periods import Period
from qa_service.documents.fonts import fonts_ready
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from reviews.enums import Anchor, AssignmentState, Rule
from reviews.models import Assignment, CaseReview, Review, Sample, SampledCase
from reviews.queries.checklists import standard_of
from reviews.services.assignments import NoReviewerFree, add_next_reader, assign_sample
from reviews.services.marks import MarkEntry, save_marks
from reviews.services.samples import draw_sample
from reviews.services.submission import submit_review
from reviews.services.telling import serve_result
from scoring.enums import RECTIFYING, Outcome, ProposalState, RuleCode
from scoring.models import Notice, Proposal
from scoring.services.closing import close_period
from scoring.services.issuing import issue_notice
from scoring.services.procedure import ask_for_statement, decide, finish_displays
from scoring.services.proposals import propose
from scoring.services.scores import rescore_changed
from scoring.services.withdrawal import withdraw_notice

A_DAY: Final = timedelta(days=1)
SEED: Final = "demo"
RATE: Final = Decimal("0.5")
TWICE: Final = Decimal("0.1")
# Days before today, with room for the longest holidays between them.
GIVEN_OUT, READ, SERVED, PROPOSED, DECIDED, CLOSED, LATELY = 60, 54, 53, 30, 12, 8, 1
TO_SERVE: Final = 2  # papers that still wait to be handed over
# What readers took off, file by file, by the item's place on the list; whoever reads a file second sees the same.
TAKEN_OFF: Final[tuple[dict[int, Anchor], ...]] = (
    {1: Anchor.PARTLY, 5: Anchor.PARTLY, 6: Anchor.MOSTLY},
    {2: Anchor.PARTLY, 4: Anchor.PARTLY, 5: Anchor.PARTLY},
    {1: Anchor.MOSTLY},
    {1: Anchor.NONE, 3: Anchor.PARTLY, 5: Anchor.PARTLY},
    {3: Anchor.PARTLY, 5: Anchor.PARTLY, 6: Anchor.PARTLY},
    dict.fromkeys(range(1, 7), Anchor.PARTLY),
    {1: Anchor.PARTLY, 4: Anchor.PARTLY, 5: Anchor.PARTLY, 6: Anchor.PARTLY},
    {},
    {2: Anchor.PARTLY, 3: Anchor.PARTLY, 5: Anchor.PARTLY, 7: Anchor.PARTLY},
    dict.fromkeys(range(8), Anchor.NONE),
)
WORDS: Final = "该项对应的材料不完整，见所引页码。"
PRAISED: Final = "两名评查员独立评查，材料齐全，符合通报表扬条件。"
CORRECTED: Final = "两名评查员独立评查，主要材料缺失，事实清楚；已告知陈述权利，期限届满未陈述。"
LET_BE: Final = "该项材料另册归档，已经核实，不再处理。"
MISTAKEN: Final = "附件所列案号有误，收回后另行制发。"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who decides at the centre, and another person who carries it out."""

    centre: Organisation
    decides: User
    issues: User


def show_scores(desk: Desk, *, now: datetime) -> None:
    """Of the last quarter that had ended when its files were given out."""
    given_out = now - GIVEN_OUT * A_DAY
    running = Period.quarter_of(today_at(desk.centre, given_out))
    period = Period.quarter_of(running.start - A_DAY)
    sample = draw_sample(
        centre=desk.centre,
        period=period,
        seed=SEED,
        rate=RATE,
        rules=(Rule.RANDOM, Rule.EVERY_LAWYER),
        twice=TWICE,
        user=desk.decides,
        now=given_out,
    )
    assign_sample(sample=sample, user=desk.decides, now=given_out)
    _read(sample, desk, now=now - READ * A_DAY)
    _serve(sample, desk, served=now - SERVED * A_DAY)
    rescore_changed(now=now - SERVED * A_DAY)
    propose(now=now - PROPOSED * A_DAY)
    _decide(desk, now=now)
    close_period(centre=desk.centre, period=period, user=desk.decides, now=now - CLOSED * A_DAY)


def issue_notices(desk: Desk, *, now: datetime) -> int:
    """Once fonts are ready, and once: two commendations, of which one is withdrawn, and a rectification. How many."""
    if not fonts_ready() or Notice.objects.exists():
        return 0
    ready = Proposal.objects.filter(centre=desk.centre, state=ProposalState.ACCEPTED).order_by("pk")
    rows = [*ready.filter(code=RuleCode.R1)[:2], *ready.filter(code__in=RECTIFYING)[:1]]
    notices = [issue_notice(proposal=row, person=desk.issues, now=now) for row in rows]
    if len(notices) > 1:
        withdraw_notice(notice=notices[0], person=desk.issues, reason=MISTAKEN, now=now)
    return len(notices)


def _read(sample: Sample, desk: Desk, *, now: datetime) -> None:
    """By whom each was given to, and, where the marks ask for a second reader, by the one who is free."""
    cases = list(sample.cases.order_by("pk").values_list("case_id", flat=True))
    places = {case: place for place, case in enumerate(cases)}
    while rows := _to_read(cases):
        for row in rows:
            _mark(row, TAKEN_OFF[places[row.case_id] % len(TAKEN_OFF)], now=now)
        for result in CaseReview.objects.current().filter(case__in=cases).select_related("case__centre"):
            if result.released_at is None:
                try:
                    add_next_reader(case=result.case, user=desk.decides, now=now)
                except NoReviewerFree:
                    continue


def _to_read(cases: Sequence[int]) -> list[Assignment]:
    rows = Assignment.objects.filter(case__in=cases, state=AssignmentState.OPEN)
    return list(rows.select_related("checklist", "reviewer").order_by("order", "pk"))


def _mark(row: Assignment, taken_off: dict[int, Anchor], *, now: datetime) -> None:
    review = Review.objects.get(assignment=row)
    entries = [_entry(code, taken_off.get(place, Anchor.FULL), place) for place, code in enumerate(_codes(row))]
    key, reader = review.public_id, row.reviewer
    saved = save_marks(review_id=key, version=review.version, entries=entries, user=reader, now=now)
    submit_review(review_id=key, version=saved.version, user=reader, now=now)


def _codes(row: Assignment) -> list[str]:
    return list(standard_of(row.checklist).items)


def _entry(code: str, anchor: Anchor, place: int) -> MarkEntry:
    if anchor == Anchor.FULL:
        return MarkEntry(item=code, anchor=anchor)
    return MarkEntry(item=code, anchor=anchor, reason_code="other", page=str(3 * place + 1), comment=WORDS)


def _serve(sample: Sample, desk: Desk, *, served: datetime) -> None:
    """On paper to lawyers without an account: to all but the last."""
    untold = CaseReview.objects.untold().filter(case__in=SampledCase.objects.filter(sample=sample).values("case"))
    rows = [row for row in untold.select_related("case__lawyer").order_by("pk") if not reads_here(row.case.lawyer_id)]
    for row in rows[: len(rows) - TO_SERVE]:
        serve_result(result=row, served_on=today_at(desk.centre, served), user=desk.decides, now=served)


def _decide(desk: Desk, *, now: datetime) -> None:
    """Some of each rule, so that every state is there to be seen; the others wait for whoever tries the demo."""
    early, late = now - PROPOSED * A_DAY, now - LATELY * A_DAY
    praise, coaching, failed = (_proposals(desk, code) for code in (RuleCode.R1, RuleCode.S1, RuleCode.S2))
    for row in (*coaching[:1], *failed[:1]):
        _tell(row, desk, now=early)
    for row in praise[:3]:
        _accept(row, desk, PRAISED, now=early)
    finish_displays(now=now - DECIDED * A_DAY)
    for row in (*coaching[:1], *failed[:1]):
        _accept(row, desk, CORRECTED, now=now - DECIDED * A_DAY)
    for row in coaching[1:2]:
        decide(proposal=row, person=desk.decides, outcome=Outcome.DECLINE, reason=LET_BE, now=late)
    for row in failed[1:2]:
        _tell(row, desk, now=late)
    for row in praise[3:4]:
        _accept(row, desk, PRAISED, now=late)


def _proposals(desk: Desk, code: RuleCode) -> list[Proposal]:
    return list(Proposal.objects.filter(centre=desk.centre, code=code).select_related("lawyer").order_by("pk"))


def _tell(row: Proposal, desk: Desk, *, now: datetime) -> None:
    served = None if reads_here(row.the_lawyer.pk) else today_at(desk.centre, now)
    ask_for_statement(proposal=row, person=desk.decides, served_on=served, now=now)


def _accept(row: Proposal, desk: Desk, reason: str, *, now: datetime) -> None:
    decide(proposal=row, person=desk.decides, outcome=Outcome.ACCEPT, reason=reason, now=now)
