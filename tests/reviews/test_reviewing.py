from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.audit.models import Entry
from qa_service.cases.models import Case, EvidenceChange
from qa_service.common.errors import InvalidInput, NotFound, NotIndependent, NotPermitted
from qa_service.notifications.queries import unread_notifications
from qa_service.notifications.services import rendered
from qa_service.organisations.enums import OrganisationKind
from reviews.enums import Anchor, AssignmentState, ConflictReason, Method, ReaderOrder, ResultState, Standing
from reviews.models import Assignment, CaseReview, Item, Mark, Objection, Review, VetoMark
from reviews.queries import review_evidence, waiting_for
from reviews.queries.work import cases_needing_a_reader
from reviews.services.assignments import (
    ConflictOfInterest,
    NoReviewerFree,
    NotTheirsToGive,
    ReaderNotNeeded,
    add_next_reader,
    assign_case,
    decline,
    hand_over,
    nudge_late,
)
from reviews.services.calling_readers import NEEDED
from reviews.services.marks import MarkEntry, MarkInvalid, MarksChanged, MarkUnfit, ReviewLocked, save_marks
from reviews.services.objection_reminders import remind_of_objections
from reviews.services.objections import (
    ObjectionExists,
    ObjectionTooLate,
    Ruling,
    decide_objection,
    lodge_objection,
)
from reviews.services.results import NothingToRelease, release_with_one_reader
from reviews.services.submission import Unfinished, submit_review
from reviews.services.vetoes import LawyerNotHeard, answer_veto, decide_veto, mark_veto
from tests import factories
from tests.at_once import just_before
from tests.factories import NOW
from tests.reviews.factories import (
    GOOD,
    GOOD_SCORE,
    account_of,
    assignment,
    checklists,
    entries,
    manager,
    marked,
    released,
    reviewer,
    submitted,
)
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def reader_of(row: Assignment) -> User:
    return User.objects.get(pk=row.reviewer_id)


def save(row: Assignment, *marks: MarkEntry, version: int = 0):
    review = Review.objects.get(assignment=row)
    return save_marks(review_id=review.public_id, version=version, entries=marks, user=reader_of(row), now=NOW)


# --- giving files out -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tie", ["own", "firm", "relation"])
def test_a_conflict_of_interest_is_refused_by_name(tie):
    checklists()
    centre = factories.centre()
    case = factories.case(centre)
    if tie == "own":
        person = factories.user(Role.REVIEWER, at=centre, of=case.lawyer)
    elif tie == "firm":
        person = factories.user(Role.REVIEWER, at=centre, of=factories.lawyer(case.firm))
    else:
        person = reviewer(centre)
        first = factories.case(centre, lawyer=case.lawyer, firm=case.firm)
        decline(assignment=assignment(first, person), reason="同学", relation="lawyer", user=person, now=NOW)

    with pytest.raises(ConflictOfInterest) as refusal:
        assign_case(case=case, reviewer=person, user=manager(centre), now=NOW)

    expected = {
        "own": (ConflictReason.OWN_CASE, ConflictReason.SAME_FIRM),
        "firm": (ConflictReason.SAME_FIRM,),
        "relation": (ConflictReason.DECLARED_RELATION,),
    }
    assert refusal.value.reasons == expected[tie]


def test_a_firm_is_one_firm_whichever_centre_knows_it():
    checklists()
    bureau = factories.organisation(OrganisationKind.BUREAU)
    here, there = factories.centre(bureau), factories.centre(bureau)
    case = factories.case(here, firm=factories.firm(here, name="大同律师事务所"))
    person = factories.user(Role.REVIEWER, at=here, of=factories.lawyer(factories.firm(there, name="大同律师事务所")))

    with pytest.raises(ConflictOfInterest) as refusal:
        assign_case(case=case, reviewer=person, user=manager(here), now=NOW)

    assert refusal.value.reasons == (ConflictReason.SAME_FIRM,)


@pytest.mark.parametrize(
    "marks",
    [
        dict.fromkeys(("A2", "B2", "B3", "C1", "C2"), Anchor.NONE),
        {"A2": Anchor.PARTLY},  # what lies outside the file may still make the case fail
        None,
    ],
    ids=["a fail", "excellent", "unread"],
)
def test_two_readers_of_one_firm_do_not_make_a_fail(marks):
    checklists()
    centre = factories.centre()
    case, boss = factories.case(centre), manager(centre)
    first = reviewer(centre)
    colleague = factories.user(Role.REVIEWER, at=centre, of=factories.lawyer(first.lawyer.memberships.get().firm))
    row = assignment(case, first)
    if marks is not None:
        submitted(row, **marks)

    with pytest.raises(ConflictOfInterest) as refusal:
        add_next_reader(case=case, reviewer=colleague, user=boss, now=NOW)
    with pytest.raises(NoReviewerFree):
        add_next_reader(case=case, user=boss, now=NOW)
    stranger = reviewer(centre)

    assert refusal.value.reasons == (ConflictReason.READERS_FIRM,)
    assert add_next_reader(case=case, user=boss, now=NOW).reviewer == stranger


@pytest.mark.parametrize("act", ["assign", "hand over", "add a reader", "release"])
def test_who_handled_the_case_gives_its_file_to_nobody(act):
    checklists()
    centre = factories.centre()
    case = factories.case(centre)
    person, other = reviewer(centre), reviewer(centre)
    tied = factories.user(Role.MANAGER, at=centre, of=case.lawyer)
    row: Any = None if act == "assign" else assignment(case, person)
    if act in ("add a reader", "release"):
        submitted(row)
    acts = {
        "assign": lambda: assign_case(case=case, reviewer=person, user=tied, now=NOW),
        "hand over": lambda: hand_over(assignment=row, reviewer=other, reason="出差", user=tied, now=NOW),
        "add a reader": lambda: add_next_reader(case=case, reviewer=other, user=tied, now=NOW),
        "release": lambda: release_with_one_reader(case=case, reason="无人", user=tied, now=NOW),
    }

    with pytest.raises(NotTheirsToGive):
        acts[act]()


def test_a_manager_who_handled_the_case_is_not_told_who_marked_it():
    row = assignment()
    submitted(row)
    tied = factories.user(Role.MANAGER, at=row.case.centre, of=row.case.lawyer)
    boss = manager(row.case.centre)

    seen = [Assignment.objects.visible_to(user).count() for user in (tied, boss)]
    managed = [CaseReview.objects.managed_by(user).count() for user in (tied, boss)]

    assert (seen, managed) == ([0, 1], [0, 1])


def test_a_file_taken_back_does_not_return_to_the_same_reader():
    row = assignment()

    with pytest.raises(NoReviewerFree):
        hand_over(assignment=row, reviewer=None, reason="出差", user=manager(row.case.centre), now=NOW)


def test_nobody_free_says_how_many_are_in_the_way():
    checklists()
    centre = factories.centre()
    case = factories.case(centre)
    factories.user(Role.REVIEWER, at=centre, of=case.lawyer)

    with pytest.raises(NoReviewerFree) as refusal:
        assign_case(case=case, user=manager(centre), now=NOW)

    assert "1" in str(refusal.value.message)


def test_a_reviewer_of_another_centre_is_no_reader_here():
    checklists()
    case = factories.case(factories.centre())

    with pytest.raises(InvalidInput):
        assign_case(case=case, reviewer=reviewer(factories.centre()), user=manager(case.centre), now=NOW)


def test_a_file_handed_over_leaves_its_first_reader_at_once():
    row = assignment()
    other = reviewer(row.case.centre)

    second = hand_over(assignment=row, reviewer=other, reason="出差", user=manager(row.case.centre), now=NOW)

    row.refresh_from_db()
    assert (row.state, second.reviewer, second.order) == (AssignmentState.WITHDRAWN, other, ReaderOrder.FIRST)
    told = [rendered(each) for each in unread_notifications(reader_of(row))]
    assert f"案卷 {row.case.number} 已交由其他评查员评查，您无需再阅。" in told
    with pytest.raises(ReviewLocked):
        save(row, MarkEntry(item="A1", anchor=Anchor.FULL))


def test_two_readers_of_one_turn_are_refused_by_the_database():
    row = assignment()

    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            case=row.case,
            checklist=row.checklist,
            reviewer=reviewer(row.case.centre),
            assigned_by=row.assigned_by,
            assigned_at=NOW,
            due_on=row.due_on,
        )


def test_a_late_reader_is_reminded_once():
    assignment()
    later = NOW + timedelta(days=30)

    assert (nudge_late(now=NOW), nudge_late(now=later), nudge_late(now=later)) == (0, 1, 0)


def test_a_reader_is_reminded_from_the_day_after_the_last():
    due_on = assignment().due_on
    assert due_on is not None
    noon = datetime.combine(due_on, time(4), tzinfo=UTC)

    assert (nudge_late(now=noon), nudge_late(now=noon + timedelta(days=1))) == (0, 1)


@pytest.mark.parametrize("relation", ["lawyer", "firm"])
def test_a_relation_declared_on_giving_a_file_back_bars_from_the_next(relation):
    row = assignment()
    person = User.objects.get(pk=row.reviewer_id)
    decline(assignment=row, reason="同学", relation=relation, user=person, now=NOW)
    of_lawyer = factories.case(row.case.centre, lawyer=row.case.lawyer, firm=row.case.firm)
    of_firm = factories.case(row.case.centre, lawyer=factories.lawyer(row.case.firm), firm=row.case.firm)

    with pytest.raises(ConflictOfInterest):
        assignment({"lawyer": of_lawyer, "firm": of_firm}[relation], person, by=manager(row.case.centre))


# --- marking ----------------------------------------------------------------------------------------------------------


class TestAFileThatIsBeingMarked:
    @pytest.fixture(scope="class")
    @classmethod
    def built(cls, stage: Stage) -> Assignment:
        def scene() -> Assignment:
            centre = factories.centre()
            return assignment(factories.case(centre, client=factories.client(centre, name="张秀兰")))

        return stage(scene)

    @pytest.fixture
    def row(self, built: Assignment) -> Assignment:
        return deepcopy(built)

    def test_a_saved_mark_is_kept_and_moves_the_total(self, row):
        saved = save(
            row, MarkEntry(item="C2", anchor=Anchor.PARTLY, reason_code="weak", page="31–33", comment="未回应")
        )

        mark = Mark.objects.get(review__assignment=row)
        assert (mark.anchor, mark.reason_code, mark.page, mark.comment) == ("partly", "weak", "31-33", "未回应")
        assert (saved.version, saved.total.score) == (1, Decimal("91.6"))

    def test_a_second_tab_is_told_and_loses_nothing(self, row):
        save(row, MarkEntry(item="A1", anchor=Anchor.PARTLY))

        with pytest.raises(MarksChanged) as conflict:
            save(row, MarkEntry(item="A1", anchor=Anchor.NONE), version=0)

        assert conflict.value.version == 1
        assert conflict.value.current["A1"]["anchor"] == "partly"
        assert Mark.objects.get(review__assignment=row).anchor == "partly"

    def test_a_second_tab_never_gets_older_marks_than_the_version_it_is_to_build_on(self, row):
        save(row, MarkEntry(item="A1", anchor=Anchor.PARTLY))

        def third() -> None:
            Mark.objects.filter(review__assignment=row).update(anchor=Anchor.FULL)
            Review.objects.filter(assignment=row).update(version=2)

        reading = 'SELECT "reviews_review"."version"'
        with pytest.raises(MarksChanged) as conflict, just_before(reading, third):
            save(row, MarkEntry(item="A1", anchor=Anchor.NONE), version=0)

        assert (conflict.value.version, conflict.value.current["A1"]["anchor"]) == (2, "full")

    @pytest.mark.parametrize(
        "entry",
        [
            MarkEntry(item="Z9", anchor="full"),
            MarkEntry(item="A1", anchor="superb"),
            MarkEntry(item="A1", anchor="none", reason_code="invented"),
            MarkEntry(item="A1", page="1" * 41),
        ],
    )
    def test_a_mark_that_makes_no_sense_is_refused_whole(self, row, entry):
        with pytest.raises(MarkInvalid):
            save(row, MarkEntry(item="A2", anchor=Anchor.FULL), entry)

        assert not Mark.objects.exists()

    @pytest.mark.parametrize("field", ["page", "comment"])
    @pytest.mark.parametrize("words", ["第3页😀", "第3页\ue000", "张 秀兰未签字", "张秀兰未签字", "张某未签字"])
    def test_a_text_that_no_notice_could_quote_is_refused_while_it_can_be_changed(self, row, field, words):
        with pytest.raises(MarkInvalid) as refused:
            save(row, MarkEntry(item="A2", anchor=Anchor.NONE, **{field: words}))

        assert refused.value.field == f"A2.{field}"
        assert not Mark.objects.exists()

    def test_nobody_else_saves_into_a_review(self, row):
        review = Review.objects.get(assignment=row)

        with pytest.raises(NotFound):
            save_marks(review_id=review.public_id, version=0, entries=[], user=reviewer(row.case.centre), now=NOW)

    @pytest.mark.parametrize("elsewhere", [False, True])
    def test_a_reviewer_who_loses_the_role_loses_the_file(self, row, elsewhere):
        held = Grant.objects.filter(user=row.reviewer_id)
        if elsewhere:
            held.update(organisation=factories.centre())
        else:
            held.delete()

        with pytest.raises(NotPermitted):
            save(row, MarkEntry(item="A1", anchor=Anchor.FULL))

    def test_saving_takes_the_same_few_queries_for_one_item_as_for_all(self, row, django_assert_max_num_queries):
        review = Review.objects.get(assignment=row)
        user = reader_of(row)
        everything = entries(row.checklist, **GOOD)
        save_marks(review_id=review.public_id, version=0, entries=everything[:1], user=user, now=NOW)

        for version, chosen in ((1, everything[:1]), (2, everything)):
            with django_assert_max_num_queries(6):  # two of them a savepoint's
                changed = [replace(entry, comment=f"第{version}次") for entry in chosen]
                save_marks(review_id=review.public_id, version=version, entries=changed, user=user, now=NOW)


def test_a_client_of_one_letter_forbids_no_word():
    centre = factories.centre()
    row = assignment(factories.case(centre, client=factories.client(centre, name="张")))

    save(row, MarkEntry(item="A2", anchor=Anchor.NONE, page="3", comment="缺张页"))

    assert Mark.objects.get().comment == "缺张页"


# --- submitting -------------------------------------------------------------------------------------------------------


def test_an_unfinished_review_says_what_is_missing_where():
    row = assignment()
    saved = save(row, MarkEntry(item="A1", anchor=Anchor.PARTLY, reason_code="late"))

    with pytest.raises(Unfinished) as refusal:
        submit_review(review_id=row.review.public_id, version=saved.version, user=reader_of(row), now=NOW)

    found = [(each.item, each.missing) for each in refusal.value.defects]
    assert found[:2] == [("A1", "page"), ("A2", "mark")]
    assert len(found) == 18


def test_a_submitted_review_is_locked_for_good():
    review = submitted(assignment(), **GOOD)

    unmarked = Item.objects.exclude(checklist=review.assignment.checklist_id)[0]

    assert review.total == GOOD_SCORE
    with pytest.raises(ReviewLocked):
        save(review.assignment, MarkEntry(item="A1", anchor=Anchor.NONE), version=1)
    for change in (
        lambda: Review.objects.filter(pk=review.pk).update(total=100),
        lambda: Mark.objects.filter(review=review).update(anchor="full"),
        lambda: Mark.objects.create(review=review, item=unmarked, updated_at=NOW),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_conflict_that_arises_while_marking_refuses_submission():
    row = assignment()
    review = marked(row)
    User.objects.filter(pk=row.reviewer_id).update(lawyer=None)
    person = reader_of(row)
    person.lawyer = row.case.lawyer
    person.save()

    with pytest.raises(ConflictOfInterest):
        submit_review(review_id=review.public_id, version=review.version, user=person, now=NOW)


def test_a_plain_grade_is_released_with_ten_working_days_for_objections():
    case = factories.case(factories.centre())

    result = released(case)

    assert (result.state, result.score, result.grade, result.version) == (ResultState.RELEASED, GOOD_SCORE, "good", 1)
    assert result.objection_until.isoformat() == "2026-12-04"
    assert EvidenceChange.objects.filter(case=case).exists()
    assert Entry.objects.filter(action="reviews.submitted").count() == 1


@pytest.mark.parametrize("anchors", [{}, dict.fromkeys(["A2", "B2", "C1", "C2", "D2"], Anchor.NONE)])
def test_the_best_and_the_worst_grade_wait_for_a_second_reader(anchors):
    row = assignment()
    submitted(row, **anchors)

    assert CaseReview.objects.current().get(case=row.case).state == ResultState.AWAITING_SECOND


def readers_called_for(boss: User) -> list[str]:
    return [each.text for each in unread_notifications(boss) if each.text in NEEDED.values()]


def test_the_managers_are_told_which_reader_a_file_needs_until_there_is_one():
    row = assignment()
    case, boss = row.case, manager(row.case.centre)

    def told():
        return [rendered(each) for each in unread_notifications(boss) if "needs a" in each.text]

    submitted(row)
    other = factories.case(case.centre)
    submitted(assignment(other))
    with translation.override("en"):
        assert sorted(told()) == sorted(f"The file {each.number} needs a second reader." for each in (case, other))
        second = add_next_reader(case=case, reviewer=reviewer(case.centre), user=boss, now=NOW)
        release_with_one_reader(case=other, reason="本中心仅一名评查员", user=boss, now=NOW)
        assert told() == []
        submitted(second, **dict.fromkeys(["A2", "B2", "C1", "C2", "D2"], Anchor.NONE))
        assert told() == [f"The file {case.number} needs a third reader: the two who read it differ."]
        add_next_reader(case=case, reviewer=reviewer(case.centre), user=boss, now=NOW)
        assert told() == []


def test_a_manager_may_release_on_one_reader_with_a_reason():
    row = assignment()
    submitted(row)

    result = release_with_one_reader(case=row.case, reason="本中心仅一名评查员", user=manager(row.case.centre), now=NOW)

    assert (result.state, result.readers, result.version) == (ResultState.RELEASED, 1, 2)


def test_a_manager_releases_nothing_on_one_reader_while_another_reads():
    row = assignment()
    submitted(row)
    boss = manager(row.case.centre)
    add_next_reader(case=row.case, reviewer=reviewer(row.case.centre), user=boss, now=NOW)

    with pytest.raises(NothingToRelease):
        release_with_one_reader(case=row.case, reason="本中心仅一名评查员", user=boss, now=NOW)


@pytest.mark.parametrize(
    ("turns", "waits"), [(2, ResultState.AWAITING_SECOND), (3, ResultState.AWAITING_THIRD)], ids=["second", "third"]
)
def test_marks_that_need_no_other_reader_wait_for_one_who_is_at_work(turns, waits):
    rows = [assignment()]
    case, centre = rows[0].case, rows[0].case.centre
    rows += [assignment(case, reviewer(centre), order=order) for order in range(2, turns + 1)]

    for row in rows[:-1]:
        submitted(row, **GOOD)
    before = CaseReview.objects.current().get(case=case).state
    submitted(rows[-1], **GOOD)

    assert (before, CaseReview.objects.current().get(case=case).state) == (waits, ResultState.RELEASED)


def test_of_two_objections_upheld_to_one_item_the_later_stands():
    case = factories.case(factories.centre())
    boss, own = manager(case.centre), account_of(case.lawyer)

    def upheld(anchor, at):
        result = CaseReview.objects.current().get(case=case)
        lodged = lodge_objection(result=result, items=["C2"], statement="见第3页", user=own, now=at)
        mark = MarkEntry(item="C2", anchor=anchor, reason_code="other", page="3", comment="见第3页")
        decide_objection(
            objection=lodged, rulings=[Ruling("C2", upheld=True, mark=mark)], answer="成立", user=boss, now=at
        )
        found = CaseReview.objects.current().get(case=case)
        return next(each["share"] for each in found.items if each["code"] == "C2")

    released(case, **GOOD)
    first = upheld(Anchor.NONE, NOW)
    review = marked(add_next_reader(case=case, reviewer=reviewer(case.centre), user=boss, now=NOW), **GOOD)
    later, reader = NOW + timedelta(days=3), User.objects.get(pk=review.assignment.reviewer_id)
    submit_review(review_id=review.public_id, version=review.version, user=reader, now=later)

    assert (first, upheld(Anchor.MOSTLY, later)) == ("0", "75")


def test_two_readers_who_agree_give_their_mean():
    row = assignment()
    submitted(row)
    person = reviewer(row.case.centre)
    second = add_next_reader(case=row.case, reviewer=person, user=manager(row.case.centre), now=NOW)
    submitted(second, A1=Anchor.NONE)

    evidence = review_evidence([row.case_id])[row.case_id]

    assert (evidence.method, evidence.score, evidence.agreed) == (Method.MEAN_OF_TWO, Decimal("98.5"), True)
    assert (evidence.readers, evidence.item_scores["A1"], evidence.released) == (2, Decimal(50), True)


def test_two_readers_who_differ_need_a_third_and_the_median_stands():
    row = assignment()
    boss = manager(row.case.centre)
    submitted(row)
    for _turn in range(2):
        reviewer(row.case.centre)
    second = add_next_reader(case=row.case, user=boss, now=NOW)
    submitted(second, **GOOD)
    assert review_evidence([row.case_id])[row.case_id].state == ResultState.AWAITING_THIRD

    third = add_next_reader(case=row.case, user=boss, now=NOW)
    submitted(third, C2=Anchor.NONE)

    evidence = review_evidence([row.case_id])[row.case_id]
    assert (evidence.method, evidence.score, evidence.version) == (Method.MEDIAN, GOOD_SCORE, 3)
    with pytest.raises(ReaderNotNeeded):
        add_next_reader(case=row.case, user=boss, now=NOW)


def test_results_are_never_changed_in_place():
    released(factories.case(factories.centre()))

    with pytest.raises(IntegrityError), transaction.atomic():
        CaseReview.objects.update(score=100)


# --- vetoes -----------------------------------------------------------------------------------------------------------


def test_a_veto_holds_the_grade_until_another_person_has_decided():
    row = assignment()
    review = marked(row, **GOOD)
    person = reader_of(row)
    mark_veto(review_id=review.public_id, code="V9", statement="卷内无代理词", page="目录", user=person, now=NOW)
    submit_review(review_id=review.public_id, version=review.version, user=person, now=NOW)
    veto = VetoMark.objects.get()
    boss = manager(row.case.centre)
    assert CaseReview.objects.current().get().state == ResultState.VETO_PENDING

    with pytest.raises(NotPermitted):
        decide_veto(veto_mark=veto, confirmed=True, reason="属实", user=person, now=NOW)
    with pytest.raises(LawyerNotHeard):
        decide_veto(veto_mark=veto, confirmed=True, reason="属实", user=boss, now=NOW)
    lawyer = account_of(row.case.lawyer)
    answer_veto(veto_mark=veto, answer="已口头发表意见", user=lawyer, now=NOW)
    decide_veto(veto_mark=veto, confirmed=True, reason="无书面意见", user=boss, now=NOW)

    evidence = review_evidence([row.case_id])[row.case_id]
    assert (evidence.veto_state, evidence.vetoes, evidence.grade_cap) == (Standing.CONFIRMED, ("V9",), "pass")
    assert (evidence.score, evidence.grade, evidence.released) == (GOOD_SCORE, "pass", False)


def vetoed() -> tuple[Assignment, VetoMark, User]:
    """A plain grade with a veto beside it, whose lawyer has answered; and a manager of the centre."""
    row = assignment()
    review, boss = marked(row, **GOOD), manager(row.case.centre)
    mark_veto(review_id=review.public_id, code="V9", statement="无代理词", page="目录", user=reader_of(row), now=NOW)
    submit_review(review_id=review.public_id, version=review.version, user=reader_of(row), now=NOW)
    mark = VetoMark.objects.get()
    answer_veto(veto_mark=mark, answer="已口头发表意见", user=account_of(row.case.lawyer), now=NOW)
    return row, mark, boss


def test_a_veto_calls_for_a_second_reader_while_the_lawyer_is_heard():
    row, mark, boss = vetoed()
    assert [result.case_id for result in cases_needing_a_reader(boss)] == [row.case_id]
    assert readers_called_for(boss) == [NEEDED[ReaderOrder.SECOND]]

    submitted(add_next_reader(case=row.case, reviewer=reviewer(row.case.centre), user=boss, now=NOW), **GOOD)
    assert CaseReview.objects.current().get().state == ResultState.VETO_PENDING
    assert not cases_needing_a_reader(boss).exists()
    decide_veto(veto_mark=mark, confirmed=True, reason="无书面意见", user=boss, now=NOW)

    result = CaseReview.objects.current().get()
    assert (result.state, result.method, result.grade) == (ResultState.RELEASED, Method.MEAN_OF_TWO, "pass")


def test_two_who_differ_over_a_file_with_a_veto_need_the_third_meanwhile():
    row, _mark, boss = vetoed()

    submitted(add_next_reader(case=row.case, reviewer=reviewer(row.case.centre), user=boss, now=NOW))

    assert CaseReview.objects.current().get().state == ResultState.VETO_PENDING
    assert [result.method for result in cases_needing_a_reader(boss)] == [Method.UNSETTLED]
    assert readers_called_for(boss) == [NEEDED[ReaderOrder.THIRD]]


def test_a_confirmed_veto_waits_for_its_second_reader_or_for_the_reason_why_there_is_none():
    row, mark, boss = vetoed()
    with pytest.raises(NothingToRelease):
        release_with_one_reader(case=row.case, reason="本中心仅一名评查员", user=boss, now=NOW)

    decide_veto(veto_mark=mark, confirmed=True, reason="无书面意见", user=boss, now=NOW)
    assert CaseReview.objects.current().get().state == ResultState.AWAITING_SECOND

    released = release_with_one_reader(case=row.case, reason="本中心仅一名评查员", user=boss, now=NOW)
    assert (released.state, released.grade) == (ResultState.RELEASED, "pass")


def test_a_veto_that_is_not_upheld_asks_for_no_second_reader():
    _row, mark, boss = vetoed()

    decide_veto(veto_mark=mark, confirmed=False, reason="卷内有代理词", user=boss, now=NOW)

    assert CaseReview.objects.current().get().state == ResultState.RELEASED
    assert not cases_needing_a_reader(boss).exists()
    assert readers_called_for(boss) == []


def test_a_lawyer_who_lets_the_time_pass_does_not_stop_a_veto():
    row = assignment()
    account_of(row.case.lawyer)
    review = marked(row, **GOOD)
    person = reader_of(row)
    mark_veto(review_id=review.public_id, code="V1", statement="收费凭证", page="40", user=person, now=NOW)
    submit_review(review_id=review.public_id, version=review.version, user=person, now=NOW)

    later = NOW + timedelta(days=14)
    boss = manager(row.case.centre)
    decide_veto(veto_mark=VetoMark.objects.get(), confirmed=False, reason="系诉讼费", user=boss, now=later)

    assert review_evidence([row.case_id])[row.case_id].veto_state == Standing.CLEAR


def test_the_database_lets_nobody_confirm_their_own_veto():
    row = assignment()
    review = marked(row)
    mark_veto(review_id=review.public_id, code="V1", statement="x", page="1", user=reader_of(row), now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        VetoMark.objects.update(state="confirmed", decided_by=row.reviewer_id, decision_reason="x")


# --- objections -------------------------------------------------------------------------------------------------------


def objected() -> tuple[Case, Objection, User]:
    case = factories.case(factories.centre())
    result = released(case)
    lawyer = account_of(case.lawyer)
    objection = lodge_objection(result=result, items=["C2"], statement="卷宗第35页有补充意见", user=lawyer, now=NOW)
    return case, objection, lawyer


class TestAnObjectionThatIsOpen:
    @pytest.fixture(scope="class")
    @classmethod
    def built(cls, stage: Stage) -> tuple[Case, Objection, User]:
        return stage(objected)

    @pytest.fixture
    def begun(self, built: tuple[Case, Objection, User]) -> tuple[Case, Objection, User]:
        return deepcopy(built)

    @pytest.fixture
    def case(self, begun: tuple[Case, Objection, User]) -> Case:
        return begun[0]

    @pytest.fixture
    def objection(self, begun: tuple[Case, Objection, User]) -> Objection:
        return begun[1]

    @pytest.fixture
    def lawyer(self, begun: tuple[Case, Objection, User]) -> User:
        return begun[2]

    def test_only_the_objected_item_moves_and_the_result_is_a_new_version(self, case, objection):
        ruling = Ruling("C2", upheld=True, mark=MarkEntry(item="C2", anchor=Anchor.FULL))

        decide_objection(
            objection=objection, rulings=[ruling], answer="采纳", user=manager(case.centre), now=NOW + timedelta(days=3)
        )

        first, second = CaseReview.objects.filter(case=case).order_by("version")
        assert (first.score, second.score) == (GOOD_SCORE, Decimal("95.8"))
        moved = [a["code"] for a, b in zip(first.items, second.items, strict=True) if a["share"] != b["share"]]
        assert moved == ["C2"]
        assert second.objection_until == first.objection_until

    def test_a_ruling_on_an_item_nobody_objected_to_is_refused_whole(self, case, objection):
        rulings = [Ruling("C2", upheld=False), Ruling("A2", upheld=True, mark=MarkEntry(item="A2", anchor=Anchor.NONE))]

        with pytest.raises(InvalidInput) as refused:
            decide_objection(objection=objection, rulings=rulings, answer="维持", user=manager(case.centre), now=NOW)

        assert (refused.value.field, Objection.objects.get().state) == ("A2", "lodged")

    def test_an_objection_that_is_not_upheld_changes_no_mark(self, case, objection):
        decide_objection(
            objection=objection, rulings=[Ruling("C2", upheld=False)], answer="维持", user=manager(case.centre), now=NOW
        )

        assert CaseReview.objects.filter(case=case).count() == 1

    def test_whoever_marked_does_not_decide_the_objection(self, case, objection):
        reader = reader_of(Assignment.objects.get(case=case))

        with pytest.raises(NotPermitted):
            decide_objection(
                objection=objection, rulings=[Ruling("C2", upheld=False)], answer="维持", user=reader, now=NOW
            )

    def test_a_new_mark_needs_its_reason_and_page_too(self, case, objection):
        ruling = Ruling("C2", upheld=True, mark=MarkEntry(item="C2", anchor=Anchor.MOSTLY))

        with pytest.raises(InvalidInput):
            decide_objection(
                objection=objection, rulings=[ruling], answer="部分采纳", user=manager(case.centre), now=NOW
            )

    def test_an_objection_is_answered_in_words(self, case, objection):
        with pytest.raises(InvalidInput) as refused:
            decide_objection(
                objection=objection,
                rulings=[Ruling("C2", upheld=False)],
                answer=" \n",
                user=manager(case.centre),
                now=NOW,
            )

        assert (refused.value.field, Objection.objects.get().state) == ("answer", "lodged")

    def test_a_second_objection_to_the_same_result_is_refused(self, objection, lawyer):
        with pytest.raises(ObjectionExists):
            lodge_objection(result=objection.result, items=["A2"], statement="再议", user=lawyer, now=NOW)

    def test_evidence_says_when_an_objection_is_open(self, case):
        evidence = review_evidence([case.pk])[case.pk]

        assert (evidence.objection_open, evidence.objection_open_until.isoformat()) == (True, "2026-12-04")

    def test_a_correction_opens_no_second_period(self, case, objection, lawyer):
        ruling = Ruling("C2", upheld=True, mark=MarkEntry(item="C2", anchor=Anchor.FULL))
        decide_objection(objection=objection, rulings=[ruling], answer="采纳", user=manager(case.centre), now=NOW)
        corrected = CaseReview.objects.current().get(case=case)

        with pytest.raises(ObjectionExists):
            lodge_objection(result=corrected, items=["A2"], statement="再议", user=lawyer, now=NOW)

    def test_a_manager_tied_to_the_firm_decides_nothing_about_its_files(self, case, objection):
        tied = factories.user(Role.MANAGER, at=case.centre, of=factories.lawyer(case.firm))

        with pytest.raises(NotIndependent):
            decide_objection(
                objection=objection, rulings=[Ruling("C2", upheld=False)], answer="维持", user=tied, now=NOW
            )


def test_the_new_mark_of_an_objection_is_fit_for_a_notice_too():
    centre = factories.centre()
    case = factories.case(centre, client=factories.client(centre, name="张秀兰"))
    result = released(case)
    lawyer = account_of(case.lawyer)
    objection = lodge_objection(result=result, items=["C2"], statement="不服", user=lawyer, now=NOW)
    mark = MarkEntry(item="C2", anchor=Anchor.MOSTLY, reason_code="other", page="9", comment="张秀兰未签字")

    with pytest.raises(MarkInvalid):
        decide_objection(
            objection=objection,
            rulings=[Ruling("C2", upheld=True, mark=mark)],
            answer="理由",
            user=manager(centre),
            now=NOW,
        )


def test_an_objection_after_the_tenth_working_day_is_refused():
    case = factories.case(factories.centre())
    result = released(case)
    lawyer = account_of(case.lawyer)

    with pytest.raises(ObjectionTooLate):
        lodge_objection(result=result, items=["C2"], statement="不服", user=lawyer, now=NOW + timedelta(days=15))


def test_those_who_decide_are_reminded_before_the_day_and_each_week_after_it_until_it_is_decided():
    case = factories.case(factories.centre())
    boss, result = manager(case.centre), released(case)
    lodge_objection(result=result, items=["A2"], statement="已会见", user=account_of(case.lawyer), now=NOW)
    last = datetime(2026, 12, 11, 2, tzinfo=UTC)  # fifteen working days after NOW

    days = (-6, -5, -5, 0, 1, 2, 8)
    assert [remind_of_objections(now=last + timedelta(days=day)) for day in days] == [0, 1, 0, 0, 1, 0, 1]
    late = f"对 {case.number} 评查结果的异议应于 2026-12-11 前（含当日）作出决定，现已逾期，仍待处理。"
    assert [rendered(each) for each in unread_notifications(boss)].count(late) == 2
    keep = [Ruling("A2", upheld=False)]
    decide_objection(objection=Objection.objects.get(), rulings=keep, answer="维持", user=boss, now=last)
    assert remind_of_objections(now=last + timedelta(days=30)) == 0


def test_only_to_the_result_in_force_and_when_they_were_told_of_it_does_a_lawyer_object():
    case = factories.case(factories.centre())
    old = released(case)
    row = add_next_reader(case=case, reviewer=reviewer(case.centre), user=manager(case.centre), now=NOW)
    submitted(row, **GOOD)
    untold = released(factories.case(factories.centre()), reads=False)
    new_account = account_of(untold.case.lawyer)

    for result, lawyer in ((old, account_of(case.lawyer)), (untold, new_account)):
        with pytest.raises(ObjectionTooLate):
            lodge_objection(result=result, items=["A2"], statement="见第3页", user=lawyer, now=NOW)
    assert not Objection.objects.exists()


def test_another_lawyer_cannot_object():
    case = factories.case(factories.centre())
    result = released(case)
    other = factories.user(Role.LAWYER, of=factories.lawyer(case.firm))

    with pytest.raises(NotPermitted):
        lodge_objection(result=result, items=["C2"], statement="不服", user=other, now=NOW)


def test_evidence_of_many_cases_takes_one_query(django_assert_num_queries):
    centre = factories.centre()
    cases = [factories.case(centre) for _each in range(3)]
    for case in cases:
        released(case)

    with django_assert_num_queries(1):
        found = review_evidence([case.pk for case in cases])

    assert sorted(found) == sorted(case.pk for case in cases)
    assert found[cases[0].pk].zero_items == ()


def test_a_zero_is_named():
    case = factories.case(factories.centre())
    released(case, B1=Anchor.NONE, C3=Anchor.NONE, A3=Anchor.NOT_APPLICABLE)

    evidence = review_evidence([case.pk])[case.pk]

    assert evidence.zero_items == ("B1", "C3")
    assert "A3" not in evidence.item_scores


def test_the_home_says_what_waits_for_each():
    centre = factories.centre()
    lawyer_row = factories.lawyer(factories.firm(centre))
    boss, person = manager(centre), reviewer(centre)
    released(factories.case(centre, lawyer=lawyer_row))
    submitted(assignment(factories.case(centre)))
    assignment(factories.case(centre), person)
    nobody = factories.user(Role.OBSERVER, at=centre)

    waiting = {each: [(str(block.title), block.count) for block in waiting_for(each, NOW)] for each in (boss, person)}

    with translation.override("en"):
        assert [(str(block.title), block.count) for block in waiting_for(boss, NOW)] == [
            ("Files that need another reader", 1),
            ("Files to check", 3),
        ]
        late = waiting_for(person, NOW + timedelta(days=40))
        assert [(str(block.title), block.urgent) for block in late] == [
            ("Files to review", False),
            ("Files past their due date", True),
        ]
    assert len(waiting[person]) == 1
    assert waiting_for(nobody, NOW) == []


def test_a_lawyers_home_counts_what_may_still_be_objected_to_and_until_when():
    centre = factories.centre()
    lawyer_row = factories.lawyer(factories.firm(centre))
    lawyer = factories.user(Role.LAWYER, of=lawyer_row)
    results = [released(factories.case(centre, lawyer=lawyer_row)) for _each in range(3)]
    lodge_objection(result=results[0], items=["C2"], statement="不服", user=lawyer, now=NOW)

    with translation.override("en"):
        (block,) = waiting_for(lawyer, NOW)
        assert (str(block.title), block.count) == ("Results you may still object to", 2)
        assert str(block.detail) == "The first period ends on 2026-12-04"
    assert waiting_for(lawyer, NOW + timedelta(days=30)) == []


def test_the_home_of_a_lawyer_asks_as_often_for_one_result_as_for_many(django_assert_num_queries):
    centre = factories.centre()
    lawyer_row = factories.lawyer(factories.firm(centre))
    lawyer = User.objects.get(pk=factories.user(Role.LAWYER, of=lawyer_row).pk)
    for _each in range(3):
        released(factories.case(centre, lawyer=lawyer_row))
    assert lawyer.held

    with django_assert_num_queries(6):  # two of them for what firms mark themselves
        waiting_for(lawyer, NOW)


@pytest.mark.parametrize(
    ("said", "why"), [("第3页写明了{client}的住址", "受援人"), ("第3页有\U0001f600", "\U0001f600")]
)
def test_a_draft_from_before_is_looked_at_again_when_it_is_submitted(client, said: str, why: str) -> None:
    row = assignment()
    review = marked(row, **GOOD)
    words = said.format(client=row.case.client.name)
    Mark.objects.filter(review=review, item__code="A2").update(comment=words)  # as an earlier version let it in
    reader = User.objects.get(pk=row.reviewer_id)

    with pytest.raises(MarkUnfit) as refused:
        submit_review(review_id=review.public_id, version=review.version, user=reader, now=NOW)

    assert refused.value.field == "A2.comment"
    assert "A2" in str(refused.value.message)
    client.force_login(reader)
    address = reverse("reviews:submit", args=[review.public_id])
    assert client.post(address, {"version": review.version}).status_code == 302
    page = client.get(address).content.decode()
    assert ("#item-A2" in page, why in page, 'name="version"' in page) == (True, True, False)
