"""A round of file review of the demo that is still under way: firms marked their own files, some files were read by two
people who differ, some results were told lately, one of them objected to, and the last readers are late.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from qa_service.accounts.models import User
from qa_service.accounts.queries import reads_here
from qa_service.common.periods import Period
from qa_service.demo_readings import TakenOff, drawn_cases, in_turn, lacking, read_files
from qa_service.demo_scores import A_DAY, Desk, quarter_read
from qa_service.organisations.queries import today_at
from reviews.enums import Anchor, Rule
from reviews.models import CaseReview, Sample, SelfAssessment
from reviews.queries.checklists import standard_of
from reviews.queries.self_assessments import may_be_keyed
from reviews.services.assignments import assign_sample
from reviews.services.marks import MarkEntry
from reviews.services.objections import lodge_objection
from reviews.services.samples import draw_sample
from reviews.services.self_assessments import key_in_self_assessment, save_self_assessment, submit_self_assessment
from reviews.services.telling import serve_result

SEED: Final = "demo-round"
RATE, TWICE = Decimal("0.02"), Decimal("0.6")
# Days before today: firms had their working days before the first file was read, whatever holidays lay between.
GIVEN_OUT, OWN_MARKS, FIRST_READ, LATELY = 40, 37, 20, 3
FILES_A_DAY: Final = 2
HALF_A_YEAR: Final = timedelta(days=182)
UNREAD: Final = 3
TO_SERVE: Final = 4  # papers that still wait to be handed over
ON_PAPER: Final = 8  # sheets that firms without an account brought; who has one marked on the page
# On which items each reviewer is stricter than the first.
LEANING: Final[tuple[TakenOff, ...]] = (
    {},
    {10: Anchor.MOSTLY},
    {10: Anchor.MOSTLY, 2: Anchor.MOSTLY},
    {0: Anchor.MOSTLY},
)
OBJECTION: Final = "该项材料已在归档时补入，见案卷末页，请予复核。"
OWN_WORDS: Final = "该项材料尚有欠缺，已要求承办人员补正。"


def show_round(desk: Desk, *, readers: Sequence[User], now: datetime) -> None:
    """Of files that closed before the quarter of `demo_scores`, one of every lawyer who has any."""
    given_out = now - GIVEN_OUT * A_DAY
    sample = draw_sample(
        centre=desk.centre,
        period=_before_the_quarter(desk, now=now),
        seed=SEED,
        rate=RATE,
        rules=(Rule.RANDOM, Rule.EVERY_LAWYER),
        twice=TWICE,
        user=desk.decides,
        now=given_out,
    )
    assign_sample(sample=sample, user=desk.decides, now=given_out)
    proud = _firms_mark(sample, desk, now=now - OWN_MARKS * A_DAY)
    days = _reading_days(sample, now=now)
    leaning = dict(zip(readers, LEANING, strict=True))
    read_files(sample, user=desk.decides, day=days.__getitem__, unread=_unread(sample, proud), leaning=leaning)
    _serve(sample, desk, now=now)
    _object(readers, now=now)


def _before_the_quarter(desk: Desk, *, now: datetime) -> Period:
    quarter = quarter_read(desk, now=now)
    return Period(quarter.start - HALF_A_YEAR, quarter.start)


def _unread(sample: Sample, proud: int) -> list[int]:
    """The last ones, but for those of the firm whose own marks are to be held against the readers'."""
    others = sample.cases.exclude(case__firm=proud).order_by("-pk")
    return list(others.values_list("case_id", flat=True)[:UNREAD])


def _firms_mark(sample: Sample, desk: Desk, *, now: datetime) -> int:
    """On their page where somebody has an account, and some on paper that the centre keys in.

    The firm with the most sheets on paper, which is returned, brings them all and sees nothing that its files lack.
    """
    places = {case: place for place, case in enumerate(drawn_cases(sample))}
    asked = SelfAssessment.objects.filter(case__in=places).select_related("case__centre__settings", "checklist")
    rows = list(asked.order_by("pk"))
    (proud, _sheets), *_others = Counter(row.case.firm_id for row in rows if may_be_keyed(row)).most_common(1)
    brought = 0
    for row in rows:
        praises = row.case.firm_id == proud
        entries = _own_marks(row, places[row.case_id], praises=praises)
        if not may_be_keyed(row):
            _mark_on_their_page(row, entries, now=now)
        elif praises or brought < ON_PAPER:
            brought += not praises
            day = today_at(desk.centre, now)
            key_in_self_assessment(
                assessment=row, entries=entries, comment="", received_on=day, user=desk.decides, now=now
            )
    return proud


def _mark_on_their_page(row: SelfAssessment, entries: list[MarkEntry], *, now: datetime) -> None:
    own = User.objects.filter(lawyer=row.case.lawyer_id).first() or User.objects.get(grants__firm=row.case.firm_id)
    saved = save_self_assessment(
        assessment_id=row.public_id, version=row.version, entries=entries, comment="", user=own, now=now
    )
    submit_self_assessment(assessment_id=row.public_id, version=saved.version, user=own, now=now)


def _own_marks(row: SelfAssessment, place: int, *, praises: bool) -> list[MarkEntry]:
    """Most see part of what their file lacks, every third all of it; who `praises` sees nothing of it."""
    all_of_it = [] if praises else list(lacking(place).items())
    seen = dict(all_of_it if place % 3 == 0 else all_of_it[1:])
    return [
        MarkEntry(item=code, anchor=anchor, comment="" if anchor in {Anchor.FULL, Anchor.NOT_APPLICABLE} else OWN_WORDS)
        for code, anchor, _place in in_turn(standard_of(row.checklist), seen, case=row.case)
    ]


def _reading_days(sample: Sample, *, now: datetime) -> list[datetime]:
    """By the place in the sample: of who has an account lately, so that they may try an objection."""
    first = now - FIRST_READ * A_DAY
    return [
        now - LATELY * A_DAY if reads_here(row.case.lawyer_id) else first + place // FILES_A_DAY * A_DAY
        for place, row in enumerate(sample.cases.order_by("pk").select_related("case"))
    ]


def _object(people: Sequence[User], *, now: datetime) -> None:
    """The first of them whose own file lost points objects to one item; the others may yet."""
    recent = CaseReview.objects.current().filter(released_at__gte=now - LATELY * A_DAY)
    for own in people:
        for result in recent.filter(case__lawyer=own.lawyer_id).select_related("case"):
            lost = [each["code"] for each in result.items if each["share"] is not None and Decimal(each["share"]) < 1]
            if lost:
                lodge_objection(result=result, items=lost[:1], statement=OBJECTION, user=own, now=now - A_DAY)
                return


def _serve(sample: Sample, desk: Desk, *, now: datetime) -> None:
    """On paper, the day after the release: all but the last."""
    untold = CaseReview.objects.untold().filter(case__in=drawn_cases(sample)).select_related("case__lawyer")
    rows = [row for row in untold.order_by("released_at", "pk") if not reads_here(row.case.lawyer_id)]
    for row in rows[: len(rows) - TO_SERVE]:
        day = min(now, (row.released_at or now) + A_DAY)
        serve_result(result=row, served_on=today_at(desk.centre, day), user=desk.decides, now=day)
