"""What the database counts of the four means is what looking at each case through the doors of evidence comes to."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import F

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.enums import CaseType
from qa_service.cases.models import Case
from qa_service.cases.queries import ClosedCases
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from reviews.enums import Band, HearingState, Method, ResultState, Standing
from reviews.models import CaseReview, Checklist, Hearing, HearingPlan
from reviews.queries import hearing_evidence, review_evidence
from scoring.figures.coverage import CoverageLine, Looked, coverage
from scoring.queries.coverage import (
    BY_CENTRE,
    BY_LAWYER,
    BY_STATION,
    BY_TYPE,
    coverage_of,
    coverages_of,
    years_looked_at,
)
from surveys.enums import Answerer, Audience, Channel, Mode
from surveys.models import Conversation, Organ, Questionnaire, Response
from surveys.queries import client_answers, organ_opinions
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import checklists
from tests.surveys.organs.rows import organ
from tests.surveys.published import published

pytestmark = pytest.mark.django_db

CHANCE = random.Random(59)
SOMETIMES = 0.4


def now_and_then() -> bool:
    return CHANCE.random() < SOMETIMES


def conversation(case: Case, wave: str, **of: object) -> None:
    """Begun, finished, finished by somebody else, or never opened."""
    row = Conversation.objects.create(
        case=case,
        wave=wave,
        questionnaire=Questionnaire.objects.filter(audience=of["audience"]).earliest("pk"),
        channel=Channel.PAPER,
        invited_at=NOW,
        closes_at=NOW,
        late_until=NOW,
        **of,
    )
    if now_and_then():
        return
    Response.objects.create(
        conversation=row,
        mode=Mode.PAPER,
        answerer=CHANCE.choice((Answerer.CLIENT, Answerer.OTHER)),
        started_at=NOW,
        finished_at=CHANCE.choice((None, NOW)),
    )


def asked(case: Case, court: Organ) -> None:
    people = [case.client, factories.client(case.centre)]
    for person in people:
        for wave in ("closing", "recovery"):
            if now_and_then():
                conversation(case, wave, audience=Audience.CLIENT, recipient=person)
    for unit in (court.name, "临江县人民检察院"):
        if now_and_then():
            conversation(case, "closing", audience=Audience.ORGAN, organ=court, unit=unit)


def read(case: Case, checklist: Checklist) -> None:
    """Results of which each replaces the one before; sometimes none is in force."""
    versions = CHANCE.randint(0, 3)
    for version in range(1, versions + 1):
        state = CHANCE.choice(list(ResultState))
        CaseReview.objects.create(
            case=case,
            checklist=checklist,
            version=version,
            state=state,
            score=Decimal(80),
            grade=Band.GOOD,
            veto_state=Standing.CLEAR,
            method=Method.SINGLE,
            readers=1,
            spread=Decimal(0),
            agreed=True,
            limited=False,
            items=[],
            reason="阅卷",
            created_at=NOW,
            superseded_at=None if version == versions and not now_and_then() else NOW,
            released_at=NOW if state == ResultState.RELEASED else None,
        )


def observed(case: Case, plan: HearingPlan, checklist: Checklist) -> None:
    for day in range(CHANCE.randint(0, 2)):
        state = CHANCE.choice(list(HearingState))
        Hearing.objects.create(
            plan=plan,
            case=case,
            held_on=NOW.date() + timedelta(days=day),
            checklist=checklist,
            state=state,
            note="改期" if state == HearingState.CANCELLED else "",
            total=Decimal(0) if state == HearingState.RECORDED else None,
            closed_at=None if state == HearingState.PLANNED else NOW,
        )


def worked_through(centre: Organisation, cases: int) -> None:
    """Cases of two lawyers of one name and one of another, some of a station, of two types and years."""
    court, marked_by = organ(centre), next(iter(checklists().values()))
    plan = HearingPlan.objects.create(
        centre=centre,
        first_day=NOW.date(),
        last_day=NOW.date(),
        seed="s",
        rate=1,
        frame_size=1,
        digest="0" * 64,
        planned_by=factories.user(Role.MANAGER, at=centre),
        planned_at=NOW,
    )
    firm, station = factories.firm(centre), factories.organisation(OrganisationKind.STATION, centre)
    lawyers = [factories.lawyer(firm, name=name) for name in ("赵一", "赵一", "钱二")]
    for _case in range(cases):
        case = factories.case(
            centre,
            firm=firm,
            lawyer=CHANCE.choice(lawyers),
            station=CHANCE.choice((None, station)),
            case_type=CHANCE.choice(("civil", "criminal")),
            closed_on=CHANCE.choice((date(2026, 11, 10), date(2025, 11, 10))),
            accepted_on=date(2025, 5, 1),
            assigned_on=date(2025, 5, 3),
        )
        asked(case, court)
        read(case, marked_by)
        observed(case, plan, marked_by)


def looked_at_in_turn(name: str, kind: type[CaseType] | None = None) -> list[CoverageLine]:
    def each() -> Iterator[Looked]:
        cases = list(Case.objects.annotate(unit=F(name)))
        ids = [case.pk for case in cases]
        answers = {found.case_id for found in client_answers(ids) if found.answerer != Answerer.OTHER}
        results = {pk for pk, found in review_evidence(ids).items() if found.released}
        opinions = {found.case_id for found in organ_opinions(ids)}
        hearings = {pk for pk, found in hearing_evidence(ids).items() if found.score is not None}
        for case in cases:
            means = (case.pk in found for found in (answers, results, opinions, hearings))
            unit = case.unit or ""
            yield Looked(str(kind(unit).label if kind else unit), *means)

    return coverage(each())


@pytest.fixture
def overseer() -> User:
    published(now=NOW)
    bureau = factories.organisation(OrganisationKind.BUREAU)
    for cases in (25, 15):
        worked_through(factories.centre(parent=bureau), cases)
    return factories.user(Role.SUPERVISOR, at=bureau)


def test_the_database_counts_what_the_doors_of_evidence_tell_of_each_case(overseer: User) -> None:
    def counted(by: str) -> list[CoverageLine]:
        return coverage_of(overseer, ClosedCases(), by=by)

    by_lawyer, by_centre = coverages_of(overseer, ClosedCases(), by=(BY_LAWYER, BY_CENTRE))

    whole = looked_at_in_turn("centre__name")
    assert counted(BY_CENTRE) == by_centre == whole
    assert counted(BY_LAWYER) == by_lawyer == looked_at_in_turn("lawyer__name")
    assert counted(BY_STATION) == looked_at_in_turn("station__name")
    assert counted(BY_TYPE) == looked_at_in_turn("case_type", CaseType)
    by_year = {line.unit: line for line in years_looked_at(Case.objects.all())}
    assert by_year == {line.unit: line for line in looked_at_in_turn("closed_on__year")}
    for line in whole:  # every means is there, and none everywhere
        for n in (line.followed_up, line.inspected, line.organ_heard, line.observed, line.any_means):
            assert 0 < n < line.cases
