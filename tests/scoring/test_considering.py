"""The rules look at what changed and at nothing else; and nothing that changed is missed, however late."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa_service.accounts.enums import Role
from qa_service.cases.models import Case
from qa_service.cases.services import evidence_changed
from reviews.enums import Anchor
from reviews.models import CaseReview, Objection
from reviews.services.marks import MarkEntry
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from reviews.services.telling import serve_result
from scoring.enums import ProposalState, RuleCode
from scoring.models import Proposal, Rule, ToConsider
from scoring.services.proposals import propose
from scoring.services.scores import rescore_changed
from tests import factories
from tests.factories import NOW
from tests.scoring.deciding import BAD, MONDAY, Office, office, read

pytestmark = pytest.mark.django_db

QUIET = 3  # new rules? which day is it at the centres? anything due?
LONG_AFTER = datetime(2027, 9, 6, 2, 0, tzinfo=UTC)


def asked(now: datetime) -> int:
    """Questions of one look, without the marks of its transactions."""
    with CaptureQueriesContext(connection) as context:
        propose(now=now)
    return sum(query["sql"].startswith(("SELECT", "INSERT", "UPDATE", "DELETE")) for query in context)


def objected(case: Case, place: Office) -> Objection:
    result = CaseReview.objects.current().get(case=case)
    return lodge_objection(result=result, items=["A2"], statement="不服", user=place.handler, now=NOW)


def answered(objection: Objection, *, upheld: bool, now: datetime) -> None:
    ruling = Ruling("A2", upheld=upheld, mark=MarkEntry(item="A2", anchor=Anchor.FULL) if upheld else None)
    person = factories.user(Role.MANAGER, at=objection.case.centre)
    decide_objection(objection=objection, rulings=[ruling], answer="理由。", user=person, now=now)
    rescore_changed(now=now)


def codes(case: Case) -> list[str]:
    standing = Proposal.objects.filter(case=case).exclude(state=ProposalState.OVERTAKEN)
    return sorted(standing.values_list("code", flat=True))


@pytest.mark.parametrize("cases", [1, 4])
def test_a_minute_in_which_nothing_changed_costs_the_same_few_questions(cases: int) -> None:
    place = office()
    for _each in range(cases):
        read(place.case())
    assert propose(now=MONDAY) == cases

    assert [asked(MONDAY), asked(MONDAY + timedelta(days=1))] == [QUIET, QUIET]
    assert not ToConsider.objects.exists()


def test_what_is_more_than_one_batch_is_looked_at_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.services.proposals.BATCH", 2)
    place = office()
    for _each in range(5):
        read(place.case(), BAD)

    propose(now=MONDAY)

    assert Proposal.objects.filter(code=RuleCode.S2).count() == 5
    assert not ToConsider.objects.exists()


def test_while_a_result_may_be_objected_to_it_is_left_alone_until_its_day() -> None:
    place = office()
    case = place.case()
    read(case)

    assert propose(now=NOW) == 0
    assert asked(NOW + timedelta(days=1)) == QUIET
    assert propose(now=MONDAY) == 1
    assert codes(case) == [RuleCode.R1]


def test_who_was_handed_the_paper_later_is_looked_at_when_their_time_to_object_is_over() -> None:
    place = office()
    case = place.case(lawyer=factories.lawyer(place.firm))
    read(case, told=False)
    assert propose(now=MONDAY) == 0

    result = CaseReview.objects.current().get(case=case)
    serve_result(result=result, served_on=MONDAY.date(), user=place.manager, now=MONDAY)
    rescore_changed(now=MONDAY)

    assert [propose(now=MONDAY), propose(now=MONDAY + timedelta(days=15))] == [0, 1]


def test_an_objection_answered_after_its_period_frees_the_way_though_no_mark_moved() -> None:
    place = office()
    case = place.case()
    read(case, {"A2": Anchor.NONE})
    objection = objected(case, place)
    rescore_changed(now=NOW)
    assert propose(now=MONDAY) == 0

    answered(objection, upheld=False, now=MONDAY)

    assert propose(now=MONDAY) == 2
    assert codes(case) == [RuleCode.R1, RuleCode.S1]


def test_a_score_that_changes_long_after_is_looked_at_again() -> None:
    place = office()
    case = place.case()
    read(case, BAD)
    objection = objected(case, place)
    rescore_changed(now=NOW)
    assert propose(now=MONDAY) == 0
    assert propose(now=LONG_AFTER) == 0

    answered(objection, upheld=True, now=LONG_AFTER)

    assert propose(now=LONG_AFTER) == 2
    assert set(Proposal.objects.filter(case=case).values_list("code", "trigger")) == {
        (RuleCode.S1, "review:3"),
        (RuleCode.S2, "review:3"),
    }


def test_a_rule_that_comes_into_force_looks_back_on_what_was_weighed_of_late() -> None:
    place = office()
    case = place.case()
    rules = list(Rule.objects.all())
    for rule in rules:
        Rule.objects.create(code=rule.code, version=2, enabled=False, published_at=NOW)
    read(case)
    assert propose(now=MONDAY) == 0

    for rule in rules:
        named = {"legal_basis": rule.legal_basis, "authority": rule.authority, "thresholds": rule.thresholds}
        Rule.objects.create(code=rule.code, version=3, published_at=MONDAY, **named)

    assert propose(now=MONDAY) == 1
    assert asked(MONDAY) == QUIET


def test_evidence_that_changes_and_moves_nothing_writes_nothing() -> None:
    place = office()
    case = place.case()
    read(case)
    assert propose(now=MONDAY) == 1
    evidence_changed(case.pk)
    rescore_changed(now=MONDAY)

    assert propose(now=MONDAY) == 0
    assert asked(MONDAY) == QUIET
