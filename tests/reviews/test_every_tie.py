"""Every tie to a file, at every step: who has one is not given the file, hands nothing in, and decides nothing."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.errors import NotIndependent
from qa_service.common.periods import Period
from qa_service.organisations.enums import OrganisationKind
from reviews.enums import (
    Anchor,
    AssignmentState,
    Band,
    Method,
    ObjectionState,
    ReaderOrder,
    ResultState,
    Rule,
    Standing,
    VetoState,
)
from reviews.models import Assignment, CaseReview, Objection, Review, VetoMark
from reviews.services.assignments import (
    ConflictOfInterest,
    NoReviewerFree,
    add_next_reader,
    assign_case,
    hand_over,
)
from reviews.services.handing_over import hand_over_files
from reviews.services.marks import ReviewLocked
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from reviews.services.relations import declare_relation
from reviews.services.reviewers import decide_reviewer_objection, enter_tie, object_to_reviewer
from reviews.services.samples import draw_sample
from reviews.services.vetoes import answer_veto, decide_veto, mark_veto
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import (
    GOOD,
    account_of,
    assignment,
    checklists,
    checklists_in_force,
    manager,
    marked,
    reviewer,
    submitted,
)

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)


def firm_of(person: User):
    return person.lawyer.memberships.get().firm


# --- what ties ----------------------------------------------------------------------------------------------------


def nothing(_case: Case, _person: User) -> None:
    """So that a refusal below is of the tie."""


def named_for_the_case(case: Case, person: User) -> None:
    Case.objects.filter(pk=case.pk).update(lawyer=person.lawyer_id)


def of_the_firm(case: Case, person: User) -> None:
    person.lawyer.memberships.create(firm=case.firm, starts_on=SINCE)


def of_the_firm_as_another_centre_knows_it(case: Case, person: User) -> None:
    elsewhere = factories.firm(factories.centre(), name=case.firm.name)
    person.lawyer.memberships.create(firm=elsewhere, starts_on=SINCE)


def left_the_firm_since(case: Case, person: User) -> None:
    person.lawyer.memberships.create(firm=case.firm, starts_on=SINCE, ends_on=NOW.date())


def on_the_other_side(case: Case, person: User) -> None:
    enter_tie(case=case, opposing_firm=firm_of(person), user=manager(case.centre), now=NOW)


def of_the_other_side_as_another_centre_knows_it(case: Case, person: User) -> None:
    twin = factories.firm(factories.centre(), name=firm_of(person).name)
    enter_tie(case=case, opposing_firm=twin, user=manager(case.centre), now=NOW)


def close_to_the_lawyer(case: Case, person: User) -> None:
    declare_relation(lawyer=case.lawyer, user=person, now=NOW)


def close_to_the_firm(case: Case, person: User) -> None:
    declare_relation(firm=case.firm, user=person, now=NOW)


def in_it_before(case: Case, person: User) -> None:
    enter_tie(case=case, earlier_lawyer=person.lawyer, user=manager(case.centre), now=NOW)


def handled_another_case_of_the_client(case: Case, person: User) -> None:
    factories.case(case.centre, client=case.client, lawyer=person.lawyer, firm=firm_of(person))


def refused_by_the_lawyer(case: Case, person: User) -> None:
    lodged = object_to_reviewer(
        reviewer=person, lawyer=case.lawyer, reason="纠纷", centre=case.centre, user=account_of(case.lawyer), now=NOW
    )
    decide_reviewer_objection(objection=lodged, upheld=True, answer="属实", user=manager(case.centre), now=NOW)


def of_the_county_in_a_city_wide_review(case: Case, person: User) -> None:
    User.objects.filter(pk=person.pk).update(organisation=case.centre)
    draw_sample(
        centre=case.centre,
        period=Period.quarter(2026, 4),
        seed="c",
        rate=Decimal(1),
        rules=[Rule.RANDOM],
        city_wide=True,
        user=manager(case.centre),
        now=NOW,
    )


def decided_about_a_veto_of_a_former_reader(case: Case, person: User) -> None:
    """Who marked it reads here no more, and their turn is free."""
    former = reviewer(factories.centre())
    row = Assignment.objects.create(
        case=case,
        checklist=checklists_in_force()[case.case_type],
        reviewer=former,
        order=ReaderOrder.THIRD,
        state=AssignmentState.RETURNED,
        assigned_by=former,
        assigned_at=NOW,
        closed_at=NOW,
    )
    VetoMark.objects.create(
        review=Review.objects.create(assignment=row),
        veto=row.checklist.vetoes.get(code="V9"),
        state=VetoState.DISMISSED,
        statement="无代理词",
        page="目录",
        marked_by=former,
        marked_at=NOW,
        decided_by=person,
        decided_at=NOW,
        decision_reason="卷内有代理词",
    )


def decided_about_an_objection_to_a_former_result(case: Case, person: User) -> None:
    former = CaseReview.objects.create(
        case=case,
        checklist=checklists_in_force()[case.case_type],
        version=90,
        state=ResultState.RELEASED,
        score=80,
        grade=Band.GOOD,
        veto_state=Standing.CLEAR,
        method=Method.SINGLE,
        readers=1,
        spread=0,
        agreed=True,
        limited=False,
        items=[],
        reason="x",
        created_at=NOW,
        released_at=NOW,
        superseded_at=NOW,
    )
    Objection.objects.create(
        case=case,
        result=former,
        lodged_by=account_of(case.lawyer),
        lodged_at=NOW,
        statement="不服",
        state=ObjectionState.DECIDED,
        decided_by=person,
        decided_at=NOW,
        answer="维持",
    )


TIES = (
    named_for_the_case, of_the_firm, of_the_firm_as_another_centre_knows_it, left_the_firm_since, on_the_other_side,
    of_the_other_side_as_another_centre_knows_it, close_to_the_lawyer, close_to_the_firm, in_it_before,
    handled_another_case_of_the_client, refused_by_the_lawyer, of_the_county_in_a_city_wide_review,
)  # fmt: skip
# Who decided reads the file no more, and may decide about what comes after.
OF_READERS = (decided_about_a_veto_of_a_former_reader, decided_about_an_objection_to_a_former_result)

# --- what the person would do -------------------------------------------------------------------------------------

Act = Callable[[Case, User], object]


def given_by_name(_case: Case, _person: User) -> Act:
    return lambda case, person: assign_case(case=case, reviewer=person, user=manager(case.centre), now=NOW)


def given_by_load(_case: Case, _person: User) -> Act:
    return lambda case, _person: assign_case(case=case, user=manager(case.centre), now=NOW)


def handed_over(case: Case, _person: User) -> Act:
    row, boss = assignment(case, reviewer(case.centre)), manager(case.centre)
    return lambda _case, person: hand_over(assignment=row, reviewer=person, reason="病假", user=boss, now=NOW)


def handed_over_with_all_others(case: Case, _person: User) -> Act:
    ill = reviewer(case.centre)
    assignment(case, ill)

    def act(case: Case, person: User) -> None:
        given = hand_over_files(reader=ill, reason="病假", user=manager(case.centre), now=NOW).given
        if [row.reviewer for row in given] != [person]:
            raise NoReviewerFree("")

    return act


def second_reader(case: Case, _person: User) -> Act:
    submitted(assignment(case, reviewer(case.centre)))
    return lambda case, person: add_next_reader(case=case, reviewer=person, user=manager(case.centre), now=NOW)


def third_reader(case: Case, _person: User) -> Act:
    submitted(assignment(case, reviewer(case.centre)))
    poor = dict.fromkeys(("A2", "B2", "C1", "C2"), Anchor.NONE)
    submitted(assignment(case, reviewer(case.centre), order=ReaderOrder.SECOND), **poor)
    return lambda case, person: add_next_reader(case=case, reviewer=person, user=manager(case.centre), now=NOW)


def hands_in(case: Case, person: User) -> Act:
    row = assignment(case, person)
    marked(row, **GOOD)
    return lambda _case, _person: submitted(row, **GOOD)


def decides_a_veto(case: Case, _person: User) -> Act:
    reader = reviewer(case.centre)
    row = assignment(case, reader)
    mark_veto(review_id=row.review.public_id, code="V9", statement="无代理词", page="目录", user=reader, now=NOW)
    submitted(row, **GOOD)
    veto = VetoMark.objects.get()
    answer_veto(veto_mark=veto, answer="已口头发表意见", user=account_of(case.lawyer), now=NOW)
    return lambda _case, person: decide_veto(veto_mark=veto, confirmed=True, reason="属实", user=person, now=NOW)


def decides_an_objection(case: Case, _person: User) -> Act:
    submitted(assignment(case, reviewer(case.centre)), **GOOD)
    result = CaseReview.objects.current().get()
    own = account_of(case.lawyer)
    lodged = lodge_objection(result=result, items=["A2"], statement="不服", user=own, now=NOW)
    rulings = [Ruling("A2", upheld=False)]
    return lambda _case, person: decide_objection(
        objection=lodged, rulings=rulings, answer="维持", user=person, now=NOW
    )


ACTS = (
    given_by_name, given_by_load, handed_over, handed_over_with_all_others, second_reader, third_reader, hands_in,
    decides_a_veto, decides_an_objection,
)  # fmt: skip
DECIDING = (decides_a_veto, decides_an_objection)
REFUSED = (ConflictOfInterest, NoReviewerFree, NotIndependent, ReviewLocked)


@pytest.mark.parametrize("prepare", ACTS)
def test_whoever_is_tied_to_a_file_neither_reads_it_nor_decides_about_it(prepare: Callable[[Case, User], Act]) -> None:
    checklists()
    bureau = factories.organisation(OrganisationKind.BUREAU)
    case = factories.case(factories.centre(bureau))
    account_of(case.lawyer)
    lawyer = factories.lawyer(factories.firm(factories.centre(bureau)))
    person = factories.user(Role.REVIEWER, Role.MANAGER, at=bureau, of=lawyer)
    act = prepare(case, person)

    refused = {tie.__name__: _refused(tie, act, case, person) for tie in (nothing, *TIES, *OF_READERS)}

    of_readers = {tie.__name__: prepare not in DECIDING for tie in OF_READERS}
    assert refused == {"nothing": False} | {tie.__name__: True for tie in TIES} | of_readers


def _refused(tie: Callable[[Case, User], None], act: Act, case: Case, person: User) -> bool:
    """With everything as it was before when it comes back."""
    with transaction.atomic():
        tie(Case.objects.get(pk=case.pk), User.objects.get(pk=person.pk))
        try:
            with transaction.atomic():
                act(Case.objects.get(pk=case.pk), User.objects.get(pk=person.pk))
        except REFUSED:
            return True
        else:
            return False
        finally:
            transaction.set_rollback(True)
