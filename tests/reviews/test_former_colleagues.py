"""Who left the firm since the case began is still tied to it: one rule for readers, objections, vetoes, transfers."""

from datetime import date, timedelta

import pytest

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.errors import NotIndependent
from qa_service.organisations.models import Membership
from reviews.models import VetoMark
from reviews.services.assignments import (
    ConflictOfInterest,
    NoReviewerFree,
    NotTheirsToGive,
    add_next_reader,
    assign_case,
)
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from reviews.services.submission import submit_review
from reviews.services.transfers import record_transfer
from reviews.services.vetoes import answer_veto, decide_veto, mark_veto
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import (
    GOOD,
    account_of,
    assignment,
    checklists,
    manager,
    marked,
    released,
    reviewer,
    submitted,
)

pytestmark = pytest.mark.django_db
YESTERDAY = NOW.date() - timedelta(days=1)


def former_colleague(case: Case, role: Role, *, left_on: date = YESTERDAY) -> User:
    lawyer = factories.lawyer(case.firm)
    Membership.objects.filter(lawyer=lawyer).update(ends_on=left_on)
    return factories.user(role, at=case.centre, of=lawyer)


def a_case() -> Case:
    checklists()
    return factories.case(factories.centre())


def test_a_former_colleague_is_given_no_file_by_name_or_by_load() -> None:
    case = a_case()
    person = former_colleague(case, Role.REVIEWER)

    with pytest.raises(ConflictOfInterest):
        assign_case(case=case, reviewer=person, user=manager(case.centre), now=NOW)
    with pytest.raises(NoReviewerFree):
        assign_case(case=case, user=manager(case.centre), now=NOW)


def test_who_left_before_the_case_began_may_read_it() -> None:
    case = a_case()
    person = former_colleague(case, Role.REVIEWER, left_on=case.begun_on)

    assert assign_case(case=case, user=manager(case.centre), now=NOW).reviewer == person


def test_who_was_a_colleague_of_the_first_reader_since_the_case_began_is_no_second() -> None:
    case = a_case()
    row = assignment(case)
    submitted(row)
    lawyer = factories.lawyer(User.objects.get(pk=row.reviewer_id).lawyer.memberships.get().firm)
    Membership.objects.filter(lawyer=lawyer).update(ends_on=YESTERDAY)
    person = factories.user(Role.REVIEWER, at=case.centre, of=lawyer)

    with pytest.raises(ConflictOfInterest):
        add_next_reader(case=case, reviewer=person, user=manager(case.centre), now=NOW)


def test_who_joined_the_firm_after_the_file_was_given_out_does_not_hand_its_marks_in() -> None:
    case = a_case()
    person = reviewer(case.centre)
    row = assignment(case, person)
    review = marked(row, **GOOD)
    Membership.objects.create(lawyer=person.lawyer, firm=case.firm, starts_on=case.begun_on, ends_on=YESTERDAY)

    with pytest.raises(ConflictOfInterest):
        submit_review(review_id=review.public_id, version=review.version, user=person, now=NOW)


def test_a_former_colleague_gives_the_file_to_nobody() -> None:
    case = a_case()

    with pytest.raises(NotTheirsToGive):
        assign_case(case=case, reviewer=reviewer(case.centre), user=former_colleague(case, Role.MANAGER), now=NOW)


def test_a_former_colleague_decides_no_objection() -> None:
    case = a_case()
    result = released(case)
    lodged = lodge_objection(result=result, items=["A2"], statement="不服", user=account_of(case.lawyer), now=NOW)

    with pytest.raises(NotIndependent):
        decide_objection(
            objection=lodged,
            rulings=[Ruling("A2", upheld=False)],
            answer="维持",
            user=former_colleague(case, Role.MANAGER),
            now=NOW,
        )


def answered() -> tuple[Case, VetoMark]:
    """A veto that the lawyer has answered."""
    case = a_case()
    own, row = account_of(case.lawyer), assignment(case)
    reader = User.objects.get(pk=row.reviewer_id)
    mark_veto(review_id=row.review.public_id, code="V1", statement="收费凭证", page="40", user=reader, now=NOW)
    submitted(row, **GOOD)
    veto = VetoMark.objects.get(review=row.review)
    return case, answer_veto(veto_mark=veto, answer="系诉讼费。", user=own, now=NOW)


def test_a_former_colleague_decides_no_veto_and_hands_none_on() -> None:
    case, veto = answered()
    with pytest.raises(NotIndependent):
        decide_veto(
            veto_mark=veto, confirmed=False, reason="不属实", user=former_colleague(case, Role.MANAGER), now=NOW
        )
    decide_veto(veto_mark=veto, confirmed=True, reason="属实", user=manager(case.centre), now=NOW)

    with pytest.raises(NotTheirsToGive):
        record_transfer(
            veto_mark=veto,
            organ="市律师协会",
            reference="3号",
            transferred_on=NOW.date(),
            user=former_colleague(case, Role.SUPERVISOR),
            now=NOW,
        )
