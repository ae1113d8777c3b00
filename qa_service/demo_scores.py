"""A quarter of the demo that was read, weighed, decided upon and closed: what the pages of results have to show.

Each step is taken by the service that takes it in life, on the day on which it would have been. Notices are printed, so
they are issued by the worker once fonts are ready, as the demo's scanned files are made.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from qa_service.accounts.models import User
from qa_service.accounts.queries import reads_here
from qa_service.common.periods import Period
from qa_service.demo_readings import read_files
from qa_service.documents.fonts import fonts_ready
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from reviews.enums import Rule
from reviews.models import CaseReview, Sample, SampledCase
from reviews.services.assignments import assign_sample
from reviews.services.samples import draw_sample
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
    """Of the last quarter that had ended when its files were given out (`quarter_read`)."""
    given_out = now - GIVEN_OUT * A_DAY
    period = quarter_read(desk, now=now)
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
    read_files(sample, user=desk.decides, day=lambda _place: now - READ * A_DAY)
    _serve(sample, desk, served=now - SERVED * A_DAY)
    rescore_changed(now=now - SERVED * A_DAY)
    propose(now=now - PROPOSED * A_DAY)
    _decide(desk, now=now)
    close_period(centre=desk.centre, period=period, user=desk.decides, now=now - CLOSED * A_DAY)


def quarter_read(desk: Desk, *, now: datetime) -> Period:
    running = Period.quarter_of(today_at(desk.centre, now - GIVEN_OUT * A_DAY))
    return Period.quarter_of(running.start - A_DAY)


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
