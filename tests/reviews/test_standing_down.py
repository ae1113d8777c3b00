"""No result in force rests on somebody tied to its case, whenever the tie came to be and whoever entered it."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.errors import DomainError
from qa_service.notifications.queries import unread_notifications
from qa_service.notifications.services import rendered
from reviews.enums import Anchor, AssignmentState, ConflictReason, ResultState
from reviews.models import Assignment, CaseReview, VetoMark
from reviews.queries.reviewers import bars_to_reading, ties
from reviews.queries.work import left_behind, vetoes_to_decide
from reviews.services.assignments import ConflictOfInterest, add_next_reader, assign_case, decline, hand_over
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from reviews.services.relations import declare_relation
from reviews.services.reviewers import enter_tie
from reviews.services.telling import begin_anew_for_new_lawyers, stand_down_who_is_tied_since
from reviews.services.vetoes import VetoNotOpen, answer_veto, decide_veto, mark_veto
from tests import factories
from tests.factories import NOW
from tests.reviews.calibrating import opened
from tests.reviews.factories import GOOD, account_of, assignment, checklists, manager, marked, reviewer, submitted

pytestmark = pytest.mark.django_db


def firm_of(person: User) -> Any:
    assert person.lawyer is not None
    return person.lawyer.memberships.get().firm


def named_for_the_case(case: Case, person: User) -> None:
    """As an import of the register does it."""
    Case.objects.filter(pk=case.pk).update(lawyer=person.lawyer_id, firm=firm_of(person))


def of_the_firm_named(case: Case, person: User) -> None:
    Case.objects.filter(pk=case.pk).update(firm=firm_of(person))


def on_the_other_side(case: Case, person: User) -> None:
    enter_tie(case=case, opposing_firm=firm_of(person), user=manager(case.centre), now=NOW)


def in_it_before(case: Case, person: User) -> None:
    enter_tie(case=case, earlier_lawyer=person.lawyer, user=manager(case.centre), now=NOW)


def close_to_the_lawyer(case: Case, person: User) -> None:
    declare_relation(lawyer=case.lawyer, user=person, now=NOW)


def close_to_the_firm(case: Case, person: User) -> None:
    declare_relation(firm=case.firm, user=person, now=NOW)


def swept() -> None:
    stand_down_who_is_tied_since(now=NOW)
    begin_anew_for_new_lawyers(now=NOW)


AFTERWARDS = (
    named_for_the_case, of_the_firm_named, on_the_other_side, in_it_before, close_to_the_lawyer, close_to_the_firm,
)  # fmt: skip


@pytest.mark.parametrize("become_tied", AFTERWARDS)
def test_a_tie_that_comes_to_be_after_the_release_takes_the_marks_out_of_force(
    become_tied: Callable[[Case, User], None],
) -> None:
    case = factories.case(factories.centre())
    boss, told, person, other = (
        manager(case.centre),
        account_of(case.lawyer),
        reviewer(case.centre),
        reviewer(case.centre),
    )
    row = assignment(case, person)
    submitted(row, **GOOD)
    become_tied(case, person)

    swept()

    assert not CaseReview.objects.current().filter(case=case).exists()
    row.refresh_from_db()
    assert (row.state, list(left_behind(boss))) == (AssignmentState.RETURNED, [row])
    if become_tied in (close_to_the_lawyer, on_the_other_side):
        assert f"您承办的案卷 {case.number} 的评查结果不再有效，将由他人重新评查。" in [
            rendered(each) for each in unread_notifications(told)
        ]
    case.refresh_from_db()
    with pytest.raises(ConflictOfInterest):
        hand_over(assignment=row, reviewer=person, reason="回避", user=boss, now=NOW)
    submitted(hand_over(assignment=row, reviewer=other, reason="回避", user=boss, now=NOW), **GOOD)
    again = CaseReview.objects.current().get(case=case)
    assert (again.version, again.state, again.readers) == (2, ResultState.RELEASED, 1)


def test_the_other_readers_marks_carry_the_result_until_the_turn_is_read_again() -> None:
    case = factories.case(factories.centre())
    boss, first, second, third = manager(case.centre), *(reviewer(case.centre) for _each in range(3))
    submitted(assignment(case, first))
    submitted(add_next_reader(case=case, reviewer=second, user=boss, now=NOW))
    close_to_the_lawyer(case, first)

    swept()

    waiting = CaseReview.objects.current().get(case=case)
    assert (waiting.version, waiting.state, waiting.readers) == (3, ResultState.AWAITING_SECOND, 1)
    submitted(add_next_reader(case=case, reviewer=third, user=boss, now=NOW))
    result = CaseReview.objects.current().get(case=case)
    assert (result.version, result.state, result.readers) == (4, ResultState.RELEASED, 2)


def test_a_veto_of_somebody_tied_waits_for_nobody() -> None:
    case = factories.case(factories.centre())
    boss, own, person = manager(case.centre), account_of(case.lawyer), reviewer(case.centre)
    review = marked(assignment(case, person), **GOOD)
    mark_veto(review_id=review.public_id, code="V9", statement="无代理词", page="目录", user=person, now=NOW)
    submitted(review.assignment, **GOOD)
    veto = VetoMark.objects.get()
    answer_veto(veto_mark=veto, answer="已口头发表意见", user=own, now=NOW)
    on_the_other_side(case, person)

    swept()

    assert not vetoes_to_decide(boss).exists()
    with pytest.raises(VetoNotOpen):
        decide_veto(veto_mark=veto, confirmed=True, reason="属实", user=boss, now=NOW)


def test_who_joined_the_firm_after_they_handed_in_was_free_when_they_read() -> None:
    case = factories.case(factories.centre())
    person = reviewer(case.centre)
    submitted(assignment(case, person), **GOOD)
    assert person.lawyer is not None
    person.lawyer.memberships.create(firm=case.firm, starts_on=NOW.date().replace(day=30))

    swept()

    assert ties(case=case, person=person) == (ConflictReason.SAME_FIRM,)
    assert CaseReview.objects.current().get(case=case).state == ResultState.RELEASED


class Life(RuleBasedStateMachine):
    """One file, four readers, and whatever may befall them, in any order; refusals are part of life."""

    case_id: int
    other_id: int
    boss_id: int
    people: tuple[int, ...]

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @property
    def case(self) -> Case:
        return Case.objects.select_related("centre", "lawyer", "firm").get(pk=self.case_id)

    @property
    def boss(self) -> User:
        return User.objects.get(pk=self.boss_id)

    def person(self, n: int) -> User:
        return User.objects.get(pk=self.people[n])

    def open(self) -> Assignment | None:
        return Assignment.objects.filter(case=self.case_id, state=AssignmentState.OPEN).order_by("order").first()

    @initialize(n=st.integers(0, 3))
    def begin(self, n: int) -> None:
        assign_case(case=self.case, reviewer=self.person(n), user=self.boss, now=NOW)

    @rule(n=st.integers(0, 3))
    def assign(self, n: int) -> None:
        with suppress(DomainError), transaction.atomic():
            assign_case(case=self.case, reviewer=self.person(n), user=self.boss, now=NOW)

    @rule(named=st.none() | st.integers(0, 3))
    def add_a_reader(self, named: int | None) -> None:
        with suppress(DomainError), transaction.atomic():
            who = None if named is None else self.person(named)
            add_next_reader(case=self.case, reviewer=who, user=self.boss, now=NOW)

    @rule(anchors=st.sampled_from([GOOD, {}, dict.fromkeys(("A2", "B2", "C1", "C2"), Anchor.NONE)]))
    def submit(self, anchors: dict[str, Any]) -> None:
        if (row := self.open()) is not None:
            with suppress(DomainError), transaction.atomic():
                submitted(row, **anchors)

    @rule(n=st.integers(0, 3), taken=st.booleans())
    def give_back_or_hand_over(self, n: int, taken: bool) -> None:
        if (row := self.open()) is not None:
            with suppress(DomainError), transaction.atomic():
                if taken:
                    hand_over(assignment=row, reviewer=self.person(n), reason="出差", user=self.boss, now=NOW)
                else:
                    decline(assignment=row, reason="太忙", user=row.reviewer, now=NOW)

    @rule(n=st.integers(0, 3), become_tied=st.sampled_from(AFTERWARDS))
    def become_tied(self, n: int, become_tied: Callable[[Case, User], None]) -> None:
        """Mostly somebody who reads the file: of others little comes."""
        readers = Assignment.objects.filter(case=self.case_id).order_by("pk").values_list("reviewer", flat=True)
        chosen = [*readers, self.people[n]][min(n, len(readers))]
        with suppress(DomainError), transaction.atomic():
            become_tied(self.case, User.objects.get(pk=chosen))

    @rule()
    def calibrate(self) -> None:
        with suppress(DomainError), transaction.atomic():
            cases = [self.case, Case.objects.get(pk=self.other_id)]
            readers = [self.person(n) for n in range(3)]
            opened(self.case.centre, by=self.boss, cases=cases, readers=readers)

    @rule()
    def object_and_decide(self) -> None:
        result = CaseReview.objects.current().filter(case=self.case_id).first()
        if result is not None:
            with suppress(DomainError), transaction.atomic():
                own = account_of(self.case.lawyer)
                lodged = lodge_objection(result=result, items=["C2"], statement="不服", user=own, now=NOW)
                ruling = Ruling("C2", upheld=False)
                decide_objection(objection=lodged, rulings=[ruling], answer="维持", user=self.boss, now=NOW)

    @invariant()
    def no_score_is_conflicted(self) -> None:
        swept()
        case = self.case
        for row in Assignment.objects.filter(case=case, state=AssignmentState.SUBMITTED).select_related("reviewer"):
            assert bars_to_reading(case=case, reader=row.reviewer) == ()


def test_no_reachable_state_holds_a_conflicted_score() -> None:
    checklists()
    centre = factories.centre()
    case, other = factories.case(centre), factories.case(centre)
    account_of(case.lawyer)
    Life.case_id, Life.other_id, Life.boss_id = case.pk, other.pk, manager(centre).pk
    Life.people = tuple(reviewer(centre).pk for _each in range(4))

    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=14,
            stateful_step_count=8,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
