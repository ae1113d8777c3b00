"""No result in force rests on somebody tied to its case, whenever the tie came to be and whoever entered it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from knox.models import AuthToken
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.cases.models import Case
from qa_service.common.errors import DomainError
from qa_service.notifications.queries import unread_notifications
from qa_service.notifications.services import rendered
from reviews.enums import Anchor, AssignmentState, ConflictReason, ResultState
from reviews.models import Assignment, CaseReview, ReviewerObjection, VetoMark
from reviews.queries.reviewers import bars_to_reading, ties
from reviews.queries.work import left_behind, vetoes_to_decide
from reviews.services.assignments import ConflictOfInterest, add_next_reader, assign_case, decline, hand_over
from reviews.services.marks import MarkEntry
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from reviews.services.relations import declare_relation
from reviews.services.returns import take_back_from_who_is_tied
from reviews.services.reviewers import decide_reviewer_objection, enter_tie, object_to_reviewer
from reviews.services.telling import (
    begin_anew_for_new_lawyers,
    stand_down_who_is_tied_since,
    stand_down_who_was_refused,
)
from reviews.services.vetoes import VetoNotOpen, answer_veto, decide_veto, mark_veto
from tests import factories
from tests.factories import NOW
from tests.reviews.calibrating import opened
from tests.reviews.factories import GOOD, account_of, assignment, checklists, manager, marked, reviewer, submitted
from tests.reviews.test_every_tie import (
    decided_about_a_veto_of_a_former_reader,
    decided_about_an_objection_to_a_former_result,
)

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


def on_the_other_side_as_another_centre_knows_it(case: Case, person: User) -> None:
    twin = factories.firm(factories.centre(), name=firm_of(person).name)
    enter_tie(case=case, opposing_firm=twin, user=manager(case.centre), now=NOW)


def swept() -> None:
    stand_down_who_is_tied_since(now=NOW)
    stand_down_who_was_refused(now=NOW)
    begin_anew_for_new_lawyers(now=NOW)


AFTERWARDS = (
    named_for_the_case, of_the_firm_named, on_the_other_side, in_it_before, close_to_the_lawyer, close_to_the_firm,
    on_the_other_side_as_another_centre_knows_it,
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


# --- an objection to the reader, upheld when they have handed in --------------------------------------------------

IN_ADVANCE, AFTERWARDS_STILL = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


def objected(case: Case, person: User, *, at: datetime, on_paper: date | None = None) -> ReviewerObjection:
    boss = manager(case.centre)
    return object_to_reviewer(
        reviewer=person,
        lawyer=case.lawyer,
        reason="曾有诉讼",
        centre=case.centre,
        received_on=on_paper,
        entered_by=boss if on_paper else None,
        user=boss if on_paper else account_of(case.lawyer),
        now=at,
    )


def uphold(lodged: ReviewerObjection, boss: User, *, at: datetime = NOW) -> None:
    decide_reviewer_objection(objection=lodged, upheld=True, answer="确有诉讼", user=boss, now=at)


def read_by(person: User, case: Case, **anchors: Any) -> Assignment:
    row = assignment(case, person, by=manager(case.centre))
    submitted(row, **anchors)
    return row


def test_an_objection_upheld_before_the_release_takes_the_marks_that_were_handed_in() -> None:
    case = factories.case(factories.centre())
    boss, person, other = manager(case.centre), reviewer(case.centre), reviewer(case.centre)
    row = read_by(person, case)
    assert CaseReview.objects.current().get().state == ResultState.AWAITING_SECOND

    uphold(objected(case, person, at=NOW), boss)

    row.refresh_from_db()
    assert (row.state, list(left_behind(boss)), row.review.locked) == (AssignmentState.RETURNED, [row], True)
    assert row.closing_reason == "The lawyer's objection to a reader was upheld: their marks do not stand."
    assert not CaseReview.objects.current().exists()
    with pytest.raises(ConflictOfInterest):
        hand_over(assignment=row, reviewer=person, reason="回避", user=boss, now=NOW)
    submitted(hand_over(assignment=row, reviewer=other, reason="回避", user=boss, now=NOW), **GOOD)
    assert CaseReview.objects.current().get().state == ResultState.RELEASED


def test_an_objection_lodged_in_advance_and_upheld_too_late_takes_a_released_result() -> None:
    case = factories.case(factories.centre())
    told, person = account_of(case.lawyer), reviewer(case.centre)
    row = assignment(case, person)
    lodged = objected(case, person, at=IN_ADVANCE)
    submitted(row, **GOOD)
    assert CaseReview.objects.current().get().state == ResultState.RELEASED

    uphold(lodged, manager(case.centre), at=AFTERWARDS_STILL)

    assert not CaseReview.objects.current().exists()
    assert f"您承办的案卷 {case.number} 的评查结果不再有效，将由他人重新评查。" in [
        rendered(each) for each in unread_notifications(told)
    ]


def test_an_objection_lodged_after_the_release_leaves_the_result_also_when_it_is_made_anew() -> None:
    case = factories.case(factories.centre())
    boss, person, own = manager(case.centre), reviewer(case.centre), account_of(case.lawyer)
    row = read_by(person, case, **GOOD)
    before = CaseReview.objects.current().get()

    uphold(objected(case, person, at=AFTERWARDS_STILL), boss, at=AFTERWARDS_STILL)
    swept()

    assert CaseReview.objects.current().get() == before
    lodged = lodge_objection(result=before, items=["C2"], statement="不服", user=own, now=NOW)
    upheld = Ruling("C2", upheld=True, mark=MarkEntry(item="C2", anchor=Anchor.FULL))
    decide_objection(objection=lodged, rulings=[upheld], answer="有理", user=boss, now=NOW)
    row.refresh_from_db()
    result = CaseReview.objects.current().get()
    assert (row.state, result.version, result.state) == (AssignmentState.SUBMITTED, 2, ResultState.RELEASED)


@pytest.mark.parametrize(("days", "stands"), [(1, False), (0, True)])
def test_an_objection_on_paper_counts_from_the_day_on_which_it_was_received(days: int, stands: bool) -> None:
    case = factories.case(factories.centre())
    person = reviewer(case.centre)
    read_by(person, case, **GOOD)
    received = NOW.date() - timedelta(days=days)

    uphold(objected(case, person, at=AFTERWARDS_STILL, on_paper=received), manager(case.centre), at=AFTERWARDS_STILL)

    assert CaseReview.objects.current().exists() is stands


def test_whom_the_lawyer_now_named_had_refused_stands_down_with_the_next_sweep() -> None:
    case, named = factories.case(factories.centre()), factories.lawyer()
    person = reviewer(case.centre)
    read_by(person, case, **GOOD)
    of_another = factories.case(case.centre, lawyer=named)
    account_of(named)
    uphold(objected(of_another, person, at=IN_ADVANCE), manager(case.centre))
    Case.objects.filter(pk=case.pk).update(lawyer=named)

    assert (stand_down_who_was_refused(now=NOW), stand_down_who_was_refused(now=NOW)) == (1, 0)
    assert not CaseReview.objects.current().filter(case=case).exists()


# --- open files of who came to be tied ----------------------------------------------------------------------------


def joined_the_firm(case: Case, person: User) -> None:
    assert person.lawyer is not None
    person.lawyer.memberships.create(firm=case.firm, starts_on=NOW.date())


def came_to_head_the_firm(case: Case, person: User) -> None:
    Grant.objects.create(user=person, role=Role.FIRM, firm=case.firm)


def handled_another_case_of_the_client(case: Case, person: User) -> None:
    factories.case(case.centre, client=case.client, lawyer=person.lawyer, firm=firm_of(person))


def refused_by_the_lawyer_now_named(case: Case, person: User) -> None:
    of_another = factories.case(case.centre)
    account_of(of_another.lawyer)
    uphold(objected(of_another, person, at=NOW), manager(case.centre))
    Case.objects.filter(pk=case.pk).update(lawyer=of_another.lawyer)


WHILE_OPEN = (
    named_for_the_case, of_the_firm_named, on_the_other_side, in_it_before, joined_the_firm, came_to_head_the_firm,
    on_the_other_side_as_another_centre_knows_it, handled_another_case_of_the_client, refused_by_the_lawyer_now_named,
    decided_about_a_veto_of_a_former_reader, decided_about_an_objection_to_a_former_result,
)  # fmt: skip


@pytest.mark.parametrize("become_tied", WHILE_OPEN)
def test_a_tie_that_comes_to_be_while_a_file_is_read_shuts_it_at_once_and_brings_it_back(
    client: Client, become_tied: Callable[[Case, User], None]
) -> None:
    case = factories.case(factories.centre())
    boss, person = manager(case.centre), reviewer(case.centre)
    row, beside = assignment(case, person, by=boss), assignment(factories.case(case.centre), person, by=boss)
    client.force_login(person)
    pages = [reverse("reviews:workspace", args=[each.review.public_id]) for each in (row, beside)]
    by_program = APIClient()
    by_program.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(person)[1]}")
    assert (take_back_from_who_is_tied(now=NOW), client.get(pages[0]).status_code) == (0, 200)

    become_tied(case, person)

    assert [client.get(page).status_code for page in pages] == [409, 200]
    assert by_program.get(reverse("api-review", args=[row.review.public_id])).status_code == 409
    assert [take_back_from_who_is_tied(now=NOW) for _twice in range(2)] == [1, 0]
    assert [client.get(page).status_code for page in pages] == [404, 200]
    assert list(left_behind(boss)) == [row]
    assert f"案卷{case.number}已从评查员处收回，请另行分派。" in [rendered(each) for each in unread_notifications(boss)]


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

    @rule(n=st.integers(0, 3))
    def object_to_a_reader_in_advance(self, n: int) -> None:
        with suppress(DomainError), transaction.atomic():
            uphold(objected(self.case, self.person(n), at=IN_ADVANCE), self.boss)

    @rule()
    def calibrate(self) -> None:
        with suppress(DomainError), transaction.atomic():
            cases = [self.case, Case.objects.get(pk=self.other_id)]
            readers = [self.person(n) for n in range(3)]
            opened(self.case.centre, by=self.boss, cases=cases, readers=readers)

    @rule(n=st.none() | st.integers(0, 3), anchor=st.sampled_from([None, Anchor.FULL, Anchor.NONE]))
    def object_and_decide(self, n: int | None, anchor: Anchor | None) -> None:
        """Some who read here manage too. Upheld or not, the result stays released, and no other item moves."""
        result = CaseReview.objects.current().filter(case=self.case_id).first()
        if result is not None:
            with suppress(DomainError), transaction.atomic():
                own = account_of(self.case.lawyer)
                lodged = lodge_objection(result=result, items=["C2"], statement="不服", user=own, now=NOW)
                mark = (
                    MarkEntry(item="C2", anchor=anchor, reason_code="other", page="3", comment="见第3页")
                    if anchor
                    else None
                )
                ruling = Ruling("C2", upheld=bool(anchor), mark=mark)
                who = self.boss if n is None else self.person(n)
                decide_objection(objection=lodged, rulings=[ruling], answer="理由", user=who, now=NOW)
                self.nothing_moved_but("C2", result, CaseReview.objects.current().get(case=self.case_id))

    @staticmethod
    def nothing_moved_but(item: str, before: CaseReview, after: CaseReview) -> None:
        assert (after.state, after.method, after.readers) == (before.state, before.method, before.readers)
        shares = [{each["code"]: each["share"] for each in result.items} for result in (before, after)]
        assert {code for code in shares[0] if shares[0][code] != shares[1][code]} <= {item}

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
